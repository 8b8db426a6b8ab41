"""How a directory of places comes in: rows become entries, entries are judged against the tree, then written."""
