"""What a phone keeps of its groups, built and compared: `parts` says what each part is."""
