"""A group's health read from its book: marks, grade, corpus, idle fund, rotation, portfolio at risk."""
