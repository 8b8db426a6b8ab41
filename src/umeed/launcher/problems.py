"""What went wrong, in words for the person at the keyboard."""


class Problem(Exception):
    """Ends the command; its text says what happened and, where we know, what to do."""
