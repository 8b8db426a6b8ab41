"""The columns of LGD's own downloads, and of any list of places with such columns, by the kind of sheet.

Headings as the Local Government Directory writes them in its State downloads (districts, sub-districts, blocks,
villages, villages by block, village to gram panchayat mapping) and in its CSV exports.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from umeed.core.loads.headings import fitted
from umeed.core.loads.layouts import Column

URBAN = "urban"


def _name(key: str, title: object, *words: str, required: bool = False) -> Column:
    spelt = [text for word in words for text in (f"{word} Name (In English)", f"{word} Name", word)]
    return Column(key, title, tuple(spelt), required)


def _local(*words: str) -> Column:
    spelt = [text for word in words for text in (f"{word} Name (In Local)", f"{word} Name (In Local language)")]
    return Column("name_local", _("Name in its own script"), tuple(spelt))


def _code(key: str, title: object, *words: str, required: bool = False) -> Column:
    spelt = [text for word in words for text in (f"{word} Code", f"{word} LGD Code", f"LGD {word} Code")]
    return Column(key, title, tuple(spelt), required)


_TEHSIL = ("Sub-District", "Subdistrict", "Sub District", "Tehsil", "Taluka", "Mandal")
_BLOCK = ("Block", "Development Block", "Community Development Block", "CD Block")
_PANCHAYAT = ("Gram Panchayat", "Panchayat", "Village Panchayat", "Local Body", "Localbody", "GP")
_STATE_CODE = _code("state_code", _("State code"), "State")
_CENSUS = (
    Column("census_2001", _("Census 2001 code"), ("Census 2001 Code", "Census2001 Code", "Village Census 2001 Code")),
    Column("census_2011", _("Census 2011 code"), ("Census 2011 Code", "Census2011 Code", "Village Census 2011 Code")),
)
_IN_DISTRICT = (
    _STATE_CODE,
    _code("district_code", _("District code"), "District"),
    _name("district_name", _("District"), "District"),
)
_IN_TEHSIL = (_code("tehsil_code", _("Tehsil code"), *_TEHSIL), _name("tehsil_name", _("Tehsil"), *_TEHSIL))
_IN_BLOCK = (_code("block_code", _("Block code"), *_BLOCK), _name("block_name", _("Block"), *_BLOCK))
_IN_PANCHAYAT = (
    _code("panchayat_code", _("Panchayat code"), *_PANCHAYAT),
    _name("panchayat_name", _("Panchayat"), *_PANCHAYAT),
)


def _own(kind: str, *words: str) -> tuple[Column, ...]:
    titles = {
        "district": (_("District code"), _("District")),
        "tehsil": (_("Tehsil code"), _("Tehsil")),
        "block": (_("Block code"), _("Block")),
        "panchayat": (_("Panchayat code"), _("Panchayat")),
        "village": (_("Village code"), _("Village")),
    }
    code, name = titles[kind]
    return (
        _code("code", code, *words, required=True),
        _name("name", name, *words, required=True),
        _local(*words),
    )


# In the order in which they are judged: what lies in something comes after it.
SHEETS: Mapping[str, Sequence[Column]] = {
    "district": (*_own("district", "District"), _STATE_CODE, *_CENSUS),
    "tehsil": (*_own("tehsil", *_TEHSIL), *_IN_DISTRICT, *_CENSUS),
    "block": (*_own("block", *_BLOCK), *_IN_DISTRICT),
    "panchayat": (*_own("panchayat", *_PANCHAYAT), *_IN_DISTRICT, *_IN_BLOCK),
    "village": (*_own("village", "Village"), *_IN_DISTRICT, *_IN_TEHSIL, *_IN_BLOCK, *_IN_PANCHAYAT, *_CENSUS),
    URBAN: (
        _code("code", _("Local body code"), "Localbody", "Local Body", required=True),
        _name("name", _("Local body"), "Localbody", "Local Body", required=True),
        Column("type", _("Type"), ("Localbody Type Name", "Local Body Type Name"), required=True),
    ),
}
# Villages that are known already, and where they belong in the development line.
FILING: Mapping[str, Sequence[Column]] = {
    "village": (
        _code("code", _("Village code"), "Village", required=True),
        _name("name", _("Village"), "Village"),
        *_IN_DISTRICT,
        *_IN_BLOCK,
        *_IN_PANCHAYAT,
    )
}
# What tells a sheet of one kind from a list of something narrower that names this kind as well.
_NARROWER = {
    "district": ("tehsil", "block", "panchayat", "village"),
    "tehsil": ("village",),
    "block": ("panchayat", "village"),
    "panchayat": ("village",),
    "village": (),
}


def kinds_of(headings: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    """{sheet title: kind} for the sheets of a book that are lists of places; None when no sheet is one.

    The narrowest kind that has its own code and name decides: a list of villages names districts too.
    """
    found = {title: kind for title, texts in headings.items() if (kind := _kind_of(texts))}
    return found if any(kind != URBAN for kind in found.values()) else None


def _kind_of(headings: Sequence[str]) -> str | None:
    if _has(headings, URBAN) and not _has(headings, "village") and not _lies_in(headings):
        return URBAN
    for kind in ("village", "panchayat", "block", "tehsil", "district"):
        if _has(headings, kind) and not any(_has(headings, other) for other in _NARROWER[kind]):
            return kind
    return None


def _has(headings: Sequence[str], kind: str) -> bool:
    columns = SHEETS[kind]
    found = fitted(columns, headings)
    return all(column.key in found for column in columns if column.required)


def _lies_in(headings: Sequence[str]) -> bool:
    """Whether a list of local bodies says in which block they lie: then they are panchayats."""
    return bool({"block_code", "block_name"} & fitted(_IN_BLOCK, headings).keys())
