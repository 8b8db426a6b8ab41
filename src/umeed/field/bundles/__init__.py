"""What a phone keeps of its groups, built and compared."""
