"""What `./umeed …` runs: set-up, the embedded PostgreSQL, the demonstration, serving, testing."""
