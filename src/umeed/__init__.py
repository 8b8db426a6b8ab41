"""Umeed: one record of every household, woman, group and rupee of a rural livelihoods mission."""
