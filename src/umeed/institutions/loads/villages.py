"""Finds the village that a row names, within the loader's reach: by LGD code, by name, by a name that sounds alike."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from umeed.core.scope import Scope
from umeed.institutions.loads.sounds import fold, spelling_key
from umeed.kernel.refusals import N_, Refusal, warning
from umeed.places.models import Kind, Mission, Place, Within

_MISSING = N_("The village is missing.")
_UNKNOWN = N_("There is no village “%(name)s” in the places that your posting covers.")
_SEVERAL = N_("Several villages are called “%(name)s”: %(places)s. Give the panchayat or the village's LGD code.")
_READ_AS = N_("The village “%(written)s” is read as %(name)s.")
_OTHER_PANCHAYAT = N_(
    "The file says panchayat “%(panchayat)s”, but the only village %(name)s that your posting covers lies in "
    "%(where)s. It is taken. If another one is meant, untick the row, or write the village's LGD code into the file."
)
_OTHER_ALTOGETHER = N_(
    "There is no village “%(written)s” that your posting covers. %(name)s sounds alike, but lies in %(where)s and not "
    "in the panchayat “%(panchayat)s”. Write its name as it is known here, or its LGD code."
)
_CODE_OUTSIDE = N_("The village with the LGD code %(code)s lies outside the places that your posting covers.")
_CODE_UNKNOWN = N_("No village with the LGD code %(code)s is known in %(missions)s. Is it a village of another State?")
_CODE_OF_OTHER = N_("The row says “%(written)s”, but the LGD code %(code)s is that of %(name)s, which is taken.")
_CODE_ALONE = N_(
    "The LGD code %(code)s is that of %(place)s, but the row says “%(written)s” in the panchayat “%(panchayat)s”, "
    "which is known here too. Correct the code, or empty it."
)
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Village:
    """A village in the loader's reach, with what lies above it today."""

    id: int
    name: str
    panchayat: str
    where: str


class Villages:
    """All villages and habitations (or other kinds) where one may enter records. Two queries when it is made."""

    def __init__(self, by: Scope, capability: str, kinds: Sequence[str] = (Kind.VILLAGE, Kind.HABITATION)) -> None:
        self.by = by
        rows = Place.objects.filter(kind__in=kinds).seen_by(by, capability)
        places = list(rows.values_list("pk", "name", "lgd_code"))
        above = _above([pk for pk, _name, _code in places] if len(places) < 2000 else None, kinds, by.today)
        self.by_id: dict[int, Village] = {}
        self.by_code: dict[int, Village] = {}
        self.by_name: dict[str, list[Village]] = defaultdict(list)
        self.by_sound: dict[str, list[Village]] = defaultdict(list)
        for pk, name, code in places:
            names = above.get(pk, {})
            where = ", ".join(names[kind] for kind in (Kind.PANCHAYAT, Kind.BLOCK, Kind.DISTRICT) if kind in names)
            village = Village(pk, name, names.get(Kind.PANCHAYAT, ""), where)
            self.by_id[pk] = village
            self.by_name[fold(name)].append(village)
            self.by_sound[spelling_key(name)].append(village)
            if code:
                self.by_code[code] = village
        self._known: dict[tuple[str, str, str], tuple[Village | None, tuple[Refusal, ...]]] = {}

    def find(self, name: str, panchayat: str = "", code: str = "") -> tuple[Village | None, Sequence[Refusal]]:
        """The village, with warnings; or None with the reason why not.

        A code beside the name decides, unless it is nothing but zeros, or stands alone against name and panchayat.
        """
        key = (name, panchayat, code)
        if key not in self._known:
            village, reasons = self._find(*key)
            self._known[key] = village, tuple(reasons)
        return self._known[key]

    def _find(self, name: str, panchayat: str, code: str) -> tuple[Village | None, list[Refusal]]:
        if code.isdecimal() and int(code):
            village, reasons = self._by_code(int(code))
            if village is not None and name and not name.isdecimal() and not _alike(village.name, name):
                return self._of_other(village, name, panchayat, code)
            return village, reasons
        if not name:
            return None, [Refusal("village", "village_missing", _MISSING)]
        if name.isdecimal():
            return self._by_code(int(name[:12]))
        exact = _narrowed(self.by_name.get(fold(name), ()), panchayat)
        if exact:
            return self._one_of(exact, name, panchayat, ())
        alike = _narrowed(self.by_sound.get(spelling_key(name), ()), panchayat)
        if len(alike) == 1 and _contradicts(alike[0], panchayat):
            values = {"written": name, "name": alike[0].name, "where": alike[0].where, "panchayat": panchayat}
            return None, [Refusal("village", "other_altogether", _OTHER_ALTOGETHER, values)]
        told = [warning("village", "read_as", _READ_AS, {"written": name, "name": alike[0].name})] if alike else []
        return self._one_of(alike, name, panchayat, told)

    def _of_other(self, village: Village, name: str, panchayat: str, code: str) -> tuple[Village | None, list[Refusal]]:
        """A code of a village called otherwise. One that lies elsewhere too is not taken, if the names agree."""
        named = self.by_sound.get(spelling_key(name), ())
        if not _lies_in(village, panchayat) and any(_lies_in(one, panchayat) for one in named):
            values = {"code": code, "place": _with_where(village), "written": name, "panchayat": panchayat}
            return None, [Refusal("village", "code_alone", _CODE_ALONE, values)]
        values = {"written": name, "code": code, "name": village.name}
        return village, [warning("village", "code_of_other", _CODE_OF_OTHER, values)]

    def _one_of(
        self, found: Sequence[Village], name: str, panchayat: str, told: Iterable[Refusal]
    ) -> tuple[Village | None, list[Refusal]]:
        if not found:
            return None, [Refusal("village", "village_unknown", _UNKNOWN, {"name": name})]
        if len(found) > 1:
            places = "; ".join(_with_where(one) for one in found[:_MOST_NAMED])
            return None, [Refusal("village", "village_ambiguous", _SEVERAL, {"name": name, "places": places})]
        village, reasons = found[0], list(told)
        if _contradicts(village, panchayat):
            values = {"name": village.name, "panchayat": panchayat, "where": village.where}
            reasons.append(warning("panchayat", "other_panchayat", _OTHER_PANCHAYAT, values))
        return village, reasons

    def _by_code(self, code: int) -> tuple[Village | None, list[Refusal]]:
        if village := self.by_code.get(code):
            return village, []
        if Place.objects.filter(kind=Kind.VILLAGE, lgd_code=code).exists():
            return None, [Refusal("village", "village_outside", _CODE_OUTSIDE, {"code": code})]
        missions = list(Mission.objects.order_by("name").values_list("short_name", flat=True))
        return None, [Refusal("village", "village_code_unknown", _CODE_UNKNOWN, {"code": code, "missions": missions})]


def _above(below: list[int] | None, kinds: Sequence[str], day: datetime.date) -> dict[int, dict[str, str]]:
    """{village: {kind: name}} of the panchayats, blocks and districts above villages on a day."""
    rows = Within.objects.on(day).filter(above__kind__in=[Kind.PANCHAYAT, Kind.BLOCK, Kind.DISTRICT])
    rows = rows.filter(below__in=below) if below is not None else rows.filter(below__kind__in=kinds)
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, kind, name in rows.values_list("below_id", "above__kind", "above__name"):
        found[pk][kind] = name
    return found


def _narrowed(villages: Sequence[Village], panchayat: str) -> Sequence[Village]:
    """Of several villages of a name, those in the panchayat that the row names, if there are any."""
    if len(villages) < 2 or not panchayat:
        return villages
    return [one for one in villages if fold(one.panchayat) == fold(panchayat)] or [
        one for one in villages if _alike(one.panchayat, panchayat)
    ] or villages  # fmt: skip


def _with_where(village: Village) -> str:
    return f"{village.name} ({village.where})" if village.where else village.name


def _lies_in(village: Village, panchayat: str) -> bool:
    return bool(panchayat and village.panchayat) and _alike(village.panchayat, panchayat)


def _contradicts(village: Village, panchayat: str) -> bool:
    """Whether a village is known to lie in another panchayat than the row says."""
    return bool(panchayat and village.panchayat) and not _alike(village.panchayat, panchayat)


def _alike(one: str, other: str) -> bool:
    return spelling_key(one) == spelling_key(other)
