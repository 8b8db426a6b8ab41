"""What went wrong, in words for the person at the keyboard."""


class Problem(Exception):  # noqa: N818 - it is shown, not traced
    """Ends the command; its text says what happened and, where we know, what to do."""
