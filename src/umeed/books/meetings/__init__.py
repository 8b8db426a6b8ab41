"""A meeting: its document, what it comes to, what is expected of it."""
