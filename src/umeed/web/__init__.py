"""The page shell, today's work, search and public pages."""
