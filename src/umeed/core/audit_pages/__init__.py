"""Who did what, as pages: what a person may see of the chain, one entry with its differences, a record's history."""
