"""The pages that are promised to be quick, and the plain SQL that stands beside them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from umeed.bench.bench import Bench
from umeed.bench.measuring import ask
from umeed.core.seal import sealed

Address = Callable[[Bench, int], str]
Floor = Callable[[Bench, int], object]

# As other clerks write them: no woman here is called exactly so.
MISSPELT = ("Halima Begam", "Shamima", "Fareedah Bano", "Nasima Jaan", "Parvina Akhtar", "Rubina", "Zubaida Begam")
GROUPS = ("Nur", "Golab", "Shabnum", "Roshani", "Ummeed", "Jeelum")
DEPTHS = (2, 5, 9, 14, 20, 27, 33, 40)


@dataclass(frozen=True)
class Page:
    """A page by its address: the same each run, or another one each run (deep pages, other words)."""

    name: str
    address: Address
    floor: Floor | None = None


_IN_THE_BLOCK = "place_id IN (SELECT below_id FROM places_within WHERE above_id = %s AND during @> %s)"


def _in_block(sql: str, bench: Bench, *before: object, after: Sequence[object] = ()) -> object:
    """Ask with `@block` standing for the places of the home block, whose two values come after `before`."""
    return ask(sql.replace("@block", _IN_THE_BLOCK), [*before, bench.block.pk, bench.today, *after])


def _same(address: str) -> Address:
    return lambda bench, run: address


def _first_women(bench: Bench, run: int) -> object:
    return _in_block(
        "SELECT id, name, belonging_name, place_id FROM institutions_woman WHERE @block "
        "AND died_on IS NULL ORDER BY name, id LIMIT 51",
        bench,
    )


def _deep_women(bench: Bench, run: int) -> object:
    return _in_block(
        "SELECT id, name, belonging_name, place_id FROM institutions_woman WHERE @block "
        "AND died_on IS NULL ORDER BY name, id LIMIT 51 OFFSET %s",
        bench,
        after=[50 * (DEPTHS[run % len(DEPTHS)] - 1)],
    )


def _women_like(bench: Bench, run: int) -> object:
    return _in_block(
        "SELECT id, name FROM institutions_woman WHERE @block AND upper(name) LIKE %s ORDER BY name, id LIMIT 51",
        bench,
        after=[f"%{MISSPELT[run % len(MISSPELT)].split()[0].upper()}%"],
    )


def _by_phone(bench: Bench, run: int) -> object:
    box = sealed(bench.woman.phone, "woman.phone")
    return ask("SELECT id, name FROM institutions_woman WHERE phone = %s AND phone <> ''", [box])


def _one_woman(bench: Bench, run: int) -> object:
    return ask("SELECT * FROM institutions_woman WHERE id = %s", [bench.woman.pk])


def _first_institutions(kind: str) -> Floor:
    return lambda bench, run: _in_block(
        "SELECT id, name, place_id FROM institutions_institution WHERE kind = %s AND @block ORDER BY name, id LIMIT 51",
        bench,
        kind,
    )


def _one_institution(kind: str) -> Floor:
    return lambda bench, run: ask("SELECT * FROM institutions_institution WHERE id = %s", [bench.institution(kind).pk])


def _places_inside(bench: Bench, run: int) -> object:
    return ask("SELECT id, name, kind FROM places_place WHERE id = ANY(%s) ORDER BY name LIMIT 51", [bench.inside])


def women() -> Iterator[Page]:
    yield Page("Women: first page", _same("/women/"), _first_women)
    yield Page("Women: a deep page", lambda b, run: f"/women/?page={DEPTHS[run % len(DEPTHS)]}", _deep_women)
    yield Page("Women: sorted backwards", _same("/women/?sort=-name"), _first_women)
    yield Page(
        "Women: search in another spelling", lambda b, run: f"/women/?q={quote(MISSPELT[run % len(MISSPELT)])}",
        _women_like,
    )  # fmt: skip
    yield Page("Women: search by phone", lambda b, run: f"/women/?q={b.woman.phone}", _by_phone)
    yield Page("Women: of one village", lambda b, run: f"/women/?place={b.village.pk}", _first_women)
    yield Page("Women: by category and what is missing", _same("/women/?social_category=st&missing=phone"))
    yield Page("Women: by age", _same("/women/?age_from=30&age_to=40"))
    yield Page("Woman: her record", lambda b, run: f"/women/{b.woman.pk}/", _one_woman)
    yield Page("Woman: groups and consents", lambda b, run: f"/women/{b.woman.pk}/ties/", _one_woman)
    yield Page("Woman: form to change her record", lambda b, run: f"/women/{b.woman.pk}/edit/", _one_woman)


def institutions() -> Iterator[Page]:
    yield Page("Groups: first page", _same("/shgs/"), _first_institutions("shg"))
    yield Page("Groups: a deep page", lambda b, run: f"/shgs/?page={2 + run % 5}", _first_institutions("shg"))
    yield Page(
        "Groups: search in another spelling", lambda b, run: f"/shgs/?q={GROUPS[run % len(GROUPS)]}",
        _first_institutions("shg"),
    )  # fmt: skip
    yield Page("Groups: dormant ones", _same("/shgs/?status=dormant"), _first_institutions("shg"))
    for kind, title in (("shg", "Group"), ("vo", "VO"), ("clf", "CLF")):
        yield Page(f"{title}: its record", _record_of(kind), _one_institution(kind))
    yield Page(
        "Group: members, offices, accounts", lambda b, run: f"/institutions/{b.institution('shg').pk}/",
        _one_institution("shg"),
    )  # fmt: skip
    yield Page("VOs: list", _same("/vos/"), _first_institutions("vo"))
    yield Page("CLFs: list", _same("/clfs/"), _first_institutions("clf"))


def _record_of(kind: str) -> Address:
    return lambda bench, run: f"/{kind}s/{bench.institution(kind).pk}/"


def places_and_people() -> Iterator[Page]:
    yield Page("Today", _same("/"))
    yield Page("Places: the block", lambda b, run: f"/places/{b.block.pk}/", _places_inside)
    yield Page("Places: a village", lambda b, run: f"/places/{b.village.pk}/", _places_inside)
    yield Page("Places: list", _same("/places/list/"), _places_inside)
    yield Page("Places: search", lambda b, run: f"/places/list/?q={quote(b.village.name[:4])}", _places_inside)
    yield Page("Search over everything", lambda b, run: f"/search/?q={quote(MISSPELT[run % len(MISSPELT)])}")
    yield Page("People with access", _same("/users/"))
    yield Page("People with access: list", _same("/users/list/"))
    yield Page("Who did what", _same("/audit/"))
    yield Page("Loads", _same("/loads/"))
    yield Page("Duplicates", _same("/duplicates/"))
    yield Page("API: women", _same("/api/v1/women"), _first_women)


def profiles() -> Iterator[Page]:
    yield Page("Profile ranks of districts", _same("/profiles/"))
    yield Page("Profile ranks of blocks", _same("/profiles/?kind=shg&level=block"))
    yield Page("Profile of the block", lambda b, run: f"/profiles/{b.block.pk}/")
    yield Page("What to fill next", lambda b, run: f"/profiles/{b.block.pk}/to-fill/?kind=woman")
    yield Page("Whose phone is missing", lambda b, run: f"/profiles/{b.block.pk}/to-fill/?kind=woman&field=phone")


def of_a_block_officer() -> list[Page]:
    return [*women(), *institutions(), *places_and_people(), *profiles()]


def of_a_ut_officer() -> list[Page]:
    """The same lists over the whole UT: a hundred times as much, ten times the bar."""
    return [
        Page("Today", _same("/")),
        Page("Women: first page", _same("/women/")),
        Page("Women: a deep page", lambda b, run: f"/women/?page={DEPTHS[run % len(DEPTHS)]}"),
        Page("Women: search in another spelling", lambda b, run: f"/women/?q={quote(MISSPELT[run % len(MISSPELT)])}"),
        Page("Groups: first page", _same("/shgs/")),
        Page("Groups: search in another spelling", lambda b, run: f"/shgs/?q={GROUPS[run % len(GROUPS)]}"),
        Page("VOs: list", _same("/vos/")),
        Page("CLFs: list", _same("/clfs/")),
        Page("Places: list", _same("/places/list/")),
        Page("People with access: list", _same("/users/list/")),
        Page("Who did what", _same("/audit/")),
        Page("Search over everything", lambda b, run: f"/search/?q={quote(MISSPELT[run % len(MISSPELT)])}"),
    ]
