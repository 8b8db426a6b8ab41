"""Women and groups by spreadsheet: LokOS's workbook and plain lists, judged by the same rules as entries by hand."""
