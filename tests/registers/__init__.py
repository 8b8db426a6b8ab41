"""Registers tried on women and groups: lists, searches, records, forms, exports, the API, for every role."""
