"""A cut-off: its document, what it comes to, what is known before it, and how it is taken from another book."""
