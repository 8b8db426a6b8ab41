"""Pages of this room: people and postings, one's own page, who can see a record, and the first password."""
