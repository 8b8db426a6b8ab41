"""Cut-offs out of spreadsheets: LokOS's own sheet, and the workbook that Umeed gives out."""
