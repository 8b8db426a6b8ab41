"""What a phone sends: read, tried in a transaction of its own, kept with what became of it."""
