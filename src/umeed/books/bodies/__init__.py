"""A day of a VO or CLF: its document, what it comes to, what is known before, what two books say of each other."""
