"""Phones of the demonstration, and what they say to the server."""
