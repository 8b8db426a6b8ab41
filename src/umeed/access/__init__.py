"""People who sign in, their postings, and what these let them see."""
