"""Papers: what a book says, described once and shown on a page, printed as PDF, downloaded as XLSX, read aloud."""
