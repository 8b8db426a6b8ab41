"""Registers: a declared list gives pages, forms, exports and the API, for any model, in tens of lines."""
