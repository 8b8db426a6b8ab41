"""What was written in a cut-off, line by line as it can be put right by an amount once its month is closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from umeed.books.cutoffs.facts import members_until
from umeed.books.cutoffs.sums import held_head
from umeed.books.heads import BY_KEY, BY_NUMBER, SAVINGS
from umeed.books.ledger.balances import kept_women
from umeed.books.ledger.others import above, books_of
from umeed.books.meetings.differences import MOST_TIMES, differences_of
from umeed.books.meetings.written import Written
from umeed.books.models import CutOff, Line
from umeed.books.rules.limits import FUNDS, OF_BODIES
from umeed.kernel.money import Paise

# Not the box, which was counted since; not loans, which have their terms; the surplus is what makes it even.
_OWN = ("bank", "fixed_deposit", "insurance_policy", *FUNDS)
_WITH_ABOVE = ("saving_with_vo", "saving_with_clf", "share_with_vo", "share_with_clf")
_HEADS = [BY_KEY[key].number for key in (*_OWN, *_WITH_ABOVE, *OF_BODIES)] + [head.number for head in SAVINGS]
# Head, woman and body of a line.
_About = tuple[str, UUID | None, UUID | None]


def written_in(row: CutOff, nth: int = MOST_TIMES) -> list[Written]:
    """Its amounts with what was put right of them, and whatever it could have said besides of the group, of whoever
    belonged then, and of those above. As it stands now, or before it was put right for the nth time."""
    sheets = [row.sheet_id, *(one.pk for one in differences_of(row, nth))]
    lines = Line.objects.filter(sheet__in=sheets, head__in=_HEADS)
    rows = lines.values_list("head", "woman", "body").annotate(Sum("amount_paise"))
    members = members_until(row.book.institution, row.sheet.on_date)[0]
    said: dict[_About, int] = defaultdict(int)
    # Her record may have been merged into another since: there she belongs now.
    kept = kept_women({woman for _head, woman, _body, _paise in rows if woman and woman not in members})
    for head, woman, body, paise in rows:
        said[BY_NUMBER[head].key, kept.get(woman, woman), body] += int(paise)
    first = set(Line.objects.filter(sheet=row.sheet_id).values_list("head", flat=True))
    found = dict.fromkeys(_unsaid(row, members), 0) | said
    keeping = books_of({body for _head, _woman, body in found if body}, timezone.localdate())
    return [
        Written(
            head, BY_KEY[head].grows_by, Paise(BY_KEY[head].grows_by * paise), woman, body=body,
            is_forgotten=not paise and BY_KEY[head].number not in first,
        )
        for (head, woman, body), paise in sorted(found.items(), key=lambda one: (BY_KEY[one[0][0]].number, str(one)))
        if body not in keeping
    ]  # fmt: skip


def bodies_between(row: CutOff) -> list[UUID]:
    """Those of which it says something that stands in their book too."""
    bodies = set(Line.objects.filter(sheet=row.sheet_id, body__isnull=False).values_list("body", flat=True))
    return list(books_of({body for body in bodies if body}, timezone.localdate()))


def _unsaid(row: CutOff, members: Collection[UUID]) -> Iterator[_About]:
    group, on = row.book.institution, row.sheet.on_date
    yield from ((key, None, None) for key in _OWN if group.kind in BY_KEY[key].levels)
    for body, (kind, _name) in above(group.pk, on).items():
        yield from ((held_head(what, kind), None, body) for what in ("saving", "share"))
    if group.kind == "shg":
        yield from ((head.key, woman, None) for woman in members for head in SAVINGS)
    else:
        yield from ((head, None, body) for body in members for head in OF_BODIES)
