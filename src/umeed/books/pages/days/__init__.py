"""Days of a VO or CLF: written step by step, read out and closed, listed, seen again, taken back."""
