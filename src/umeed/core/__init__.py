"""The Django ground that every room stands on."""
