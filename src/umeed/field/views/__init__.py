"""What the phone is served, and what it talks to."""
