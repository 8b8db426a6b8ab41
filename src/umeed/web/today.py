"""What a person must do today: one line a piece of work, with how much of it there is and where it opens.

Asks the rooms below; each line is counted within the viewer's own reach and only made where she may act on it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from umeed.books import queries as books
from umeed.books.beginning import books_to_begin, without_book
from umeed.books.nightly import difference_for
from umeed.core.loads.models import State
from umeed.core.loads.queries import wanting
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day as date_in_words
from umeed.core.templatetags.umeed_text import grouped
from umeed.duplicates.queries import counts_by_state
from umeed.field import queries as phones
from umeed.institutions.models import Federation, Institution, Membership
from umeed.places.models import Place
from umeed.places.pages import villages_in_no_block
from umeed.places.queries import gone_places, roots_of
from umeed.profiles.filling import gaps_in_reach
from umeed.profiles.kinds import Kind
from umeed.profiles.queries import Standings, standings

# Who holds none of these has no work that could wait; she looks at what others enter.
WORKS = (
    "books.keep", "loads.make", "duplicates.settle", "places.load", "places.change", "institutions.change",
    "women.change", "users.change",
)  # fmt: skip
_ORDER = ("bad", "warn", "info", "quiet")
# Of what is missing most, the first few: a list that nobody can finish in a day is not today's work.
GAPS_SHOWN = 3
BOOKS_SHOWN = 5


@dataclass(frozen=True)
class Work:
    """A piece of today's work: what to do, how much, where. `kind` is how pressing: bad, warn, info; quiet for what
    may lie.
    """

    text: str
    url: str
    icon: str
    kind: str = "info"


@dataclass
class Day:
    """A person's day: where it begins and how that place stands, each asked of the database once."""

    scope: Scope

    @cached_property
    def home(self) -> Place | None:
        """Her posting's place, the widest one where she has several."""
        order = ("state", "district", "block", "tehsil", "panchayat", "village", "habitation")
        return min(roots_of(self.scope), key=lambda place: (order.index(place.kind), place.name), default=None)

    @cached_property
    def standings(self) -> dict[str, Standings]:
        """How her place stands for each kind of profile; nothing where she has none."""
        return standings(self.scope, place_id=self.home.pk) if self.home else {}

    @cached_property
    def work(self) -> list[Work]:
        """All of her work, the most pressing first."""
        lines = [
            line
            for source in (_gone, _differences, _books, _phones, _loads, _duplicates, _lost_villages, _gaps)
            for line in source(self)
        ]
        return sorted(lines, key=lambda line: _ORDER.index(line.kind))

    @property
    def only_looks(self) -> bool:
        """Whether her role has no work of its own here: then the page says what she may look at."""
        return not any(self.scope.can(one) for one in WORKS)


def _gone(day: Day) -> Iterator[Work]:
    """A posting in a place that is no more gives her nothing: she is told, and whom to ask."""
    if day.home is None or any(one.records for one in day.standings.values()):
        return
    for place in gone_places(day.scope):
        text = gettext("%(place)s was merged or has ended, and your posting there with it: ask for a new one")
        yield Work(text % {"place": place.called}, reverse("access:no_posting"), "key", "bad")


def _differences(day: Day) -> Iterator[Work]:
    """What the nightly recount of the books found, for who runs the installation or looks over that book."""
    verdict = difference_for(day.scope)
    if verdict is not None:
        text = gettext("The books differ from their recount. Tell who runs Umeed: %(what)s")
        url = reverse("ledgers:list") if day.scope.can("books.see") else reverse("audit:list")
        yield Work(text % {"what": verdict.said}, url, "warn", "bad")


def _books(day: Day) -> Iterator[Work]:
    """For who keeps books: meetings that are due, what came twice. For who looks over them: groups that do not meet."""
    scope = day.scope
    if scope.can("books.keep"):
        for begin in books_to_begin(scope):
            yield Work(begin.text, begin.url, "edit", "warn")
        due = books.meetings_due(scope)
        for one in due[:BOOKS_SHOWN]:
            yield _meeting(one, scope)
        if len(due) > BOOKS_SHOWN:
            text = gettext("%(count)s more groups are waiting for their meeting")
            yield Work(text % {"count": grouped(len(due) - BOOKS_SHOWN)}, reverse("ledgers:list"), "list", "info")
        yield from _clashes(books.clashes(scope))
    elif scope.can("books.see"):
        if count := books.long_without_meeting(scope).count():
            text = ngettext(
                "%(count)s group has not met for 60 days", "%(count)s groups have not met for 60 days", count
            )
            url = f"{reverse('ledgers:list')}?kind=shg&not_met={books.LONG_DAYS}"
            yield Work(text % {"count": grouped(count)}, url, "clock", "warn")
        if count := books.unchecked_cut_offs(scope).count():
            text = ngettext("%(count)s cut-off waits to be checked", "%(count)s cut-offs wait to be checked", count)
            yield Work(text % {"count": grouped(count)}, reverse("ledgers:list"), "check", "info")
        if count := without_book(scope).count():
            text = ngettext("%(count)s has no book yet", "%(count)s groups, VOs and CLFs have no book yet", count)
            yield Work(text % {"count": grouped(count)}, reverse("unkept:list"), "list", "quiet")


def _clashes(where: Sequence[UUID]) -> Iterator[Work]:
    """What came twice: in one book it leads to the two themselves, in several to the list of those books."""
    if not where:
        return
    text = ngettext(
        "%(count)s meeting came twice: say which one holds",
        "%(count)s meetings came twice: say which one holds",
        len(where),
    )
    is_one = len(set(where)) == 1
    url = reverse("books:clashes", args=[where[0]]) if is_one else f"{reverse('ledgers:list')}?two=yes"
    yield Work(text % {"count": grouped(len(where))}, url, "merge", "bad")


def _meeting(one: books.Waiting, scope: Scope) -> Work:
    if one.is_begun:
        text = gettext("Go on with the meeting of %(group)s")
    elif one.due_on == scope.today:
        text = gettext("%(group)s meets today")
    else:
        text = gettext("The meeting of %(group)s was due on %(day)s")
    said = {"group": one.name, "day": date_in_words(one.due_on)}
    late = (scope.today - one.due_on).days > 7
    return Work(text % said, reverse("books:home", args=[one.institution]), "group", "warn" if late else "info")


def _phones(day: Day) -> Iterator[Work]:
    """For who looks after phones: what waits for her decision, and phones that nobody has heard of."""
    if not day.scope.can("devices.manage"):
        return
    found = phones.counts(day.scope)
    if held := found.get("held", 0):
        text = ngettext(
            "%(count)s entry from a phone waits for you: let it in or not",
            "%(count)s entries from phones wait for you: let them in or not",
            held,
        )
        yield Work(text % {"count": grouped(held)}, reverse("phones:inbox"), "phone", "warn")
    if clashes := found.get("conflict", 0):
        text = ngettext(
            "%(count)s entry from a phone stands against another",
            "%(count)s entries from phones stand against others",
            clashes,
        )
        yield Work(text % {"count": grouped(clashes)}, f"{reverse('phones:inbox')}?state=conflict", "merge", "warn")
    if count := phones.silent(phones.phones(day.scope)).count():
        text = ngettext(
            "%(count)s phone has not been heard of for two weeks",
            "%(count)s phones have not been heard of for two weeks",
            count,
        )
        yield Work(text % {"count": grouped(count)}, f"{reverse('phones:list')}?state=silent", "phone", "info")


def _loads(day: Day) -> Iterator[Work]:
    if not day.scope.can("loads.make"):
        return
    states = Counter(wanting(day.scope).values_list("state", flat=True))
    failed = states.pop(State.FAILED, 0)
    if waiting := states.total():
        text = ngettext(
            "%(count)s spreadsheet waits for your consent", "%(count)s spreadsheets wait for your consent", waiting
        )
        yield Work(text % {"count": grouped(waiting)}, reverse("loads:list"), "upload", "warn")
    if failed:
        text = ngettext("%(count)s file could not be read", "%(count)s files could not be read", failed)
        yield Work(text % {"count": grouped(failed)}, f"{reverse('loads:list')}?state=failed", "upload", "quiet")


def _duplicates(day: Day) -> Iterator[Work]:
    if not day.scope.can("duplicates.settle"):
        return
    count = counts_by_state(day.scope).get("open", 0)
    if count:
        text = ngettext(
            "%(count)s woman may be entered twice: look at both",
            "%(count)s women may be entered twice: look at both",
            count,
        )
        yield Work(text % {"count": grouped(count)}, reverse("duplicates:list"), "merge", "warn")


def _lost_villages(day: Day) -> Iterator[Work]:
    if not day.scope.can("places.load"):
        return
    if line := villages_in_no_block(day.scope):
        yield Work(*line, "place", "info")


def _gaps(day: Day) -> Iterator[Work]:
    """What is missing most on groups' and on women's profiles, for those who may fill it."""
    scope, home = day.scope, day.home
    address = reverse("profiles:to_fill", args=[home.pk]) if home else reverse("profiles:mine")
    for kind, capability in (("shg", "institutions.change"), ("woman", "women.change")):
        if not scope.can(capability):
            continue
        gaps = day.standings[kind].gaps if home else gaps_in_reach(scope, kind=kind)
        for gap in gaps[:GAPS_SHOWN]:
            words = {
                "field": gettext(gap.field.title),
                "count": grouped(gap.count),
                "all": grouped(gap.records),
            }
            yield Work(
                _gap_text(kind, gap.records) % words, f"{address}?kind={kind}&field={gap.field.key}", "edit", "info"
            )


def _gap_text(kind: str, records: int) -> str:
    """The sentence of a gap; "1 of 1 groups" is how a machine speaks of a bookkeeper's own group."""
    if kind == "woman":
        return gettext("%(field)s is missing for %(count)s of %(all)s women")
    if records == 1:
        return gettext("Missing on your group's profile: %(field)s")
    return gettext("%(field)s is missing for %(count)s of %(all)s groups")


def numbers(day: Day) -> list[dict[str, Any]]:
    """How many groups, women, VOs and CLFs there are in her place, from kept counts that equal a recount."""
    formed, members = gettext("formed and not closed"), gettext("members of a group today")
    shown = (
        (Kind.SHG, gettext("Self-help groups"), formed, "shgs:list", "institutions.see"),
        (Kind.WOMAN, gettext("Women in groups"), members, "women:list", "women.see"),
        (Kind.VO, gettext("Village organisations"), formed, "vos:list", "institutions.see"),
        (Kind.CLF, gettext("Cluster level federations"), formed, "clfs:list", "institutions.see"),
    )
    return [
        {
            "name": name,
            "number": grouped(day.standings[kind].records),
            "base": base,
            "url": f"{reverse(route)}?place={day.home.pk}" if day.home and day.scope.can(capability) else "",
        }
        for kind, name, base, route, capability in shown
    ]


def institutions_of(scope: Scope) -> list[dict[str, Any]]:
    """The institutions at which a person is posted, with how many women (or institutions) each holds today."""
    roots = scope.institution_roots("institutions.see")
    found = Institution.objects.filter(pk__in=roots).seen_by(scope, "institutions.see").order_by("name")
    members = dict(_counted(Membership.objects.on(scope.today).filter(institution__in=roots), "institution_id"))
    federated = dict(_counted(Federation.objects.on(scope.today).filter(above__in=roots), "above_id"))
    return [
        {
            "name": institution.name,
            "number": grouped(members.get(institution.pk, 0) + federated.get(institution.pk, 0)),
            "base": gettext("women today") if institution.kind == "shg" else gettext("members today"),
            "url": reverse(f"{institution.kind}s:detail", args=[institution.pk]),
        }
        for institution in found
        if institution.kind in {"shg", "vo", "clf"}
    ]


def _counted(rows: Any, column: str) -> Any:
    return rows.order_by().values_list(column).annotate(Count("pk"))
