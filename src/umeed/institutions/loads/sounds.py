"""Names folded and turned into sounds, remembered while a file is judged: every name is asked for many times."""

from functools import lru_cache

from umeed.kernel import names

_MOST = 200_000
fold = lru_cache(maxsize=_MOST)(names.fold)
spelling_key = lru_cache(maxsize=_MOST)(names.spelling_key)
