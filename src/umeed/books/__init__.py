"""Meeting books and double-entry ledgers of every institution."""
