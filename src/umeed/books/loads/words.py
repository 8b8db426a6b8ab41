"""Words that files use for codes, folded: LokOS's, and our own labels in every language."""

from __future__ import annotations

from functools import cache
from typing import Any

from umeed.books import codes
from umeed.core.loads.translated import in_every_language
from umeed.institutions.loads.words import folded

_MORE: dict[str, dict[str, str]] = {
    "method": {"reducing": "balance", "reducing balance": "balance", "diminishing": "balance", "emi": "declining"},
    "part_month": {"by days": "days", "daily": "days", "whole month": "whole", "full month": "whole", "none": "due"},
    "frequency": {
        "m": "monthly", "q": "quarterly", "h": "half_yearly", "y": "yearly", "w": "weekly",
        "half yearly": "half_yearly", "bi-weekly": "fortnightly",
    },
    "source": {
        "own": "own", "own fund": "own", "shg": "own", "savings": "own", "internal": "own", "rf": "rf", "cif": "cif",
        "bank": "bank", "bank loan": "bank", "vrf": "vrf", "vo": "cif", "clf": "cif",
    },
    "purpose": {
        "medical": "health", "illness": "health", "food": "food", "consumption": "food", "education": "education",
        "marriage": "marriage", "agriculture": "farm", "livestock": "cattle", "dairy": "cattle", "business": "shop",
        "trade": "shop", "house": "house", "housing": "house", "debt": "debt", "others": "other",
    },
    "whom": {"bank": "loan_from_bank", "vo": "loan_from_vo", "clf": "loan_from_clf", "other": "loan_from_other",
             "others": "loan_from_other", "mfi": "loan_from_other"},
}  # fmt: skip
_CODES: dict[str, Any] = {
    "method": codes.Method, "part_month": codes.PartMonth, "frequency": codes.Instalments, "source": codes.Source,
    "purpose": codes.Purpose, "whom": codes.LoanHead,
}  # fmt: skip


@cache
def words_of(key: str) -> dict[str, str]:
    """{folded word: code} of a list of codes."""
    found = {folded(text): code for code, label in _CODES[key].choices for text in (code, *in_every_language(label))}
    return {**found, **{folded(word): code for word, code in _MORE[key].items()}}
