"""What a group's money does and may do: plain values in, amounts and reasons out. No database, no clock."""
