"""The bookkeeper's phone in the real Chromium: narrow, touched with one thumb, often without a network."""
