"""The bookkeeper's phone: works without a network, sends commands, and learns what became of each."""
