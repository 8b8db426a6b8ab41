"""Missions and the LGD tree, dated: what lay within what, on which day."""
