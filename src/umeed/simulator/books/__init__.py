"""A year of invented books: what groups, VOs and CLFs save, lend and repay, week by week, written by the bulk path."""
