"""Spreadsheets in: dry run with a verdict for each row, consent, application, undo. Rooms bring layouts."""
