"""Writing a meeting: one page a step, kept as it goes, closed at the end. Works without JavaScript."""
