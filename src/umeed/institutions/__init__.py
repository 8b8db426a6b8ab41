"""Women, households, groups and their federations."""
