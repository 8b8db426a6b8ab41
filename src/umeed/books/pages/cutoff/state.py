"""A cut-off that is being written: its parts as forms, the document that they make, every reason beside its field."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.cutoffs import why_not_post_cut_off
from umeed.books.cutoffs.documents import GIVEN, CutOffDocument, read
from umeed.books.cutoffs.facts import members_until
from umeed.books.cutoffs.sums import Sides, sides_of
from umeed.books.ledger.others import above
from umeed.books.meetings.facts import bylaws_of, usual_bylaws
from umeed.books.models import Book, OpenCutOff
from umeed.books.pages.cutoff.forms import (
    BodyPart,
    GivenLoanPart,
    GroupPart,
    LoanPart,
    MemberPart,
    Part,
    SurplusPart,
    TakenClosedPart,
    TakenLoanPart,
)
from umeed.books.pages.cutoff.standing_in import as_far_as_read, is_amount
from umeed.books.pages.cutoff.typing import typed_from
from umeed.books.pages.cutoff.words import words_for
from umeed.books.rules.bylaws import Bylaws
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.refusals import Refusal

MOST_LOANS = 200
# Reasons that are told only where it is posted.
_LATER = {"no_reason"}
_OF_SIDES = {"uneven", "nothing"}
_FIELDS = {"woman": "whose", "body": "whose", "head": "whose"}


class Writing:
    """What was typed so far, seen by whoever writes. Everything is read once a request."""

    def __init__(self, scope: Scope, group: Institution, row: OpenCutOff) -> None:
        self.scope, self.group, self.row = scope, group, row
        self.kind, self.is_group = group.kind, group.kind == "shg"
        self.words = words_for(group.kind)
        self.typed: Mapping[str, Any] = row.typed

    # What is known ---------------------------------------------------------------------------------------------------

    @cached_property
    def book(self) -> Book | None:
        return Book.objects.filter(institution=self.group).select_related("institution").first()

    @cached_property
    def on(self) -> datetime.date:
        """The day of the cut-off; today while none is written that can be read."""
        return self._day or self.scope.today

    @property
    def is_day_said(self) -> bool:
        return self._day is not None

    @cached_property
    def _day(self) -> datetime.date | None:
        only_the_day = GroupPart(self.typed.get("group"), bodies={})
        found: datetime.date | None = only_the_day.value("on")
        return found

    @cached_property
    def bodies(self) -> dict[UUID, tuple[str, str]]:
        return above(self.group.pk, self.on)

    @cached_property
    def members(self) -> dict[UUID, str]:
        """Women, or groups and VOs, who belonged by the day."""
        return self._members[0]

    @cached_property
    def _members(self) -> tuple[dict[UUID, str], list[UUID]]:
        return members_until(self.group, self.on)

    @cached_property
    def bylaws(self) -> Bylaws:
        if self.book is not None:
            return bylaws_of(self.book, self.on)
        return usual_bylaws(Book(institution=self.group, opened_on=self.on))

    # The parts -------------------------------------------------------------------------------------------------------

    @cached_property
    def group_part(self) -> GroupPart:
        return GroupPart(self.typed.get("group"), bodies=self.bodies, kind=self.kind)

    @cached_property
    def women(self) -> list[tuple[UUID, str, MemberPart]]:
        """A card for everybody who belonged on the day, and for others of whom something is written."""
        typed = self.typed.get("women", {})
        present = set(self._members[1])
        shown = [pk for pk in self.members if pk in present or str(pk) in typed]
        return [(pk, self.members[pk], self._member(str(pk), typed.get(str(pk)))) for pk in shown]

    def _member(self, pk: str, typed: Mapping[str, str] | None) -> MemberPart:
        if not self.is_group:
            return BodyPart(typed, prefix=pk)
        kept = {*self.bylaws.kept, "saving_compulsory", "saving_optional"}
        return MemberPart(typed, prefix=pk, kept=sorted(kept))

    @cached_property
    def loans(self) -> list[tuple[UUID, GivenLoanPart]]:
        whom, title = [(str(pk), name) for pk, name in self.members.items()], self.words.member
        return [
            (UUID(one["id"]), GivenLoanPart(one, prefix=one["id"], whom=whom, title=title, is_hers=self.is_group))
            for one in self.typed.get("loans", [])
        ]

    @cached_property
    def taken(self) -> list[tuple[UUID, TakenLoanPart]]:
        return [
            (UUID(one["id"]), TakenLoanPart(one, prefix=one["id"], whom=self.lenders))
            for one in self.typed.get("taken", [])
        ]

    @cached_property
    def _corrected(self) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, str]]]:
        """({loan: what the cut-off that is corrected says of it}, {loan: as that would have been typed})."""
        document = read(self.row.corrects.said) if self.row.corrects is not None else []
        if isinstance(document, list):
            return {}, {}
        typed = typed_from(document)
        plain = document.model_dump(mode="json", exclude_defaults=True)
        return {one["loan"]: one for one in plain.get("loans", ())}, {
            one["id"]: one for one in (*typed["loans"], *typed["taken"])
        }

    def as_it_was(self, pk: UUID, part: LoanPart) -> dict[str, Any] | None:
        """What the cut-off that is corrected says of a loan, where its card was left as it was: also what a card has no
        field for, as several overdue parts."""
        said, typed = self._corrected
        was = typed.get(str(pk))
        if was is None or any(
            (part.data.get(part.add_prefix(name)) or "") != (was.get(name) or "") for name in part.fields
        ):
            return None
        return said[str(pk)]

    @property
    def lenders(self) -> list[tuple[str, Any]]:
        above = [(str(body), name) for body, (_kind, name) in self.bodies.items()]
        return [("bank", _("Bank")), *above, ("other", _("Others"))]

    @cached_property
    def closed(self) -> TakenClosedPart:
        return TakenClosedPart(self.typed.get("closed"), kind=self.kind)

    @cached_property
    def surplus(self) -> SurplusPart:
        return SurplusPart(self.typed.get("surplus"))

    # The document ----------------------------------------------------------------------------------------------------

    @cached_property
    def _said(self) -> tuple[dict[str, Any], dict[str, tuple[Part, str | None]]]:
        """The document as it is written so far, and beside which field a reason about a part of it stands."""
        return _Saying(self).done()

    @property
    def said(self) -> dict[str, Any]:
        return self._said[0]

    @cached_property
    def _document(self) -> CutOffDocument | list[Refusal]:
        return read(self.said)

    @property
    def document(self) -> CutOffDocument | None:
        return self._document if isinstance(self._document, CutOffDocument) else None

    @cached_property
    def _missing(self) -> list[Refusal]:
        """What keeps it from being a document at all."""
        return [] if isinstance(self._document, CutOffDocument) else self._document

    @cached_property
    def _as_far_as_read(self) -> CutOffDocument | None:
        """The document; while something is missing, with stand-ins, so that all else can be judged already."""
        return self.document or as_far_as_read(self.said, self._missing)

    @cached_property
    def sides(self) -> Sides | None:
        """Both sides as far as they can be reckoned: an amount that is missing is none."""
        if self._as_far_as_read is None or any(is_amount(one) for one in self._missing):
            return None
        return sides_of(self._as_far_as_read, {body: kind for body, (kind, _name) in self.bodies.items()})

    @property
    def why(self) -> str:
        """Why it is corrected, as it was typed."""
        return str(self.typed.get("why", ""))

    @property
    def reasons(self) -> list[Refusal]:
        """Every reason and question but what is asked for only when it is posted."""
        return [one for one in self.reasons_to_post if one.code not in _LATER]

    @cached_property
    def reasons_to_post(self) -> list[Refusal]:
        """Every reason and question; what is said about a field that cannot be read is left out."""
        if self._as_far_as_read is None:
            return self._missing
        reasons = why_not_post_cut_off(
            by=self.scope, group=self.group, document=self._as_far_as_read, replaces=self.row.corrects_id,
            why=self.why,
        )  # fmt: skip
        told = [self.place(one) for one in self._missing]
        no_sides = _OF_SIDES if self.sides is None else set()
        return self._missing + [
            one for one in reasons
            if one.code not in no_sides and not self._is_unread(one) and self.place(one) not in told
        ]  # fmt: skip

    def _is_unread(self, reason: Refusal) -> bool:
        part, name = self.place(reason)
        return part is not None and name is not None and part.is_unread(name)

    @cached_property
    def unread(self) -> bool:
        """Whether something is typed somewhere that cannot be read."""
        return any(part.is_bound and part.errors for part in self.parts())

    def parts(self, *keys: str) -> list[Part]:
        """The forms of some pages, or of all."""
        by_page: dict[str, list[Part]] = {
            "group": [self.group_part], "savings": [part for _pk, _name, part in self.women],
            "loans": [part for _pk, part in self.loans], "taken": [*(part for _pk, part in self.taken), self.closed],
            "review": [self.surplus],
        }  # fmt: skip
        return [part for key in keys or by_page for part in by_page[key]]

    def place(self, reason: Refusal) -> tuple[Part | None, str | None]:
        """The form and field that a reason is about."""
        path = str(reason.field or "")
        steps = path.split(".")
        for many in range(len(steps), 0, -1):
            found = self._said[1].get(".".join(steps[:many]))
            if found is not None:
                part, name = found
                return part, name if name is not None else _field_of(part, steps[many:])
        return None, None

    def tell(self, *keys: str) -> None:
        """Put every hard reason about some pages beside its field."""
        mine = self.parts(*keys)
        reasons = [(self.place(one), one) for one in self.reasons if one.severity == "refuse"]
        for (part, name), reason in reasons:
            if part is not None and any(part is one for one in mine) and part.is_bound:
                part.tell(name, reason.message(gettext))


def _field_of(part: Part, rest: list[str]) -> str | None:
    """loans.3.overdue.0.on is told beside `overdue_since`."""
    if rest[:1] == ["overdue"]:
        what = rest[2] if len(rest) > 2 else "principal"
        return "overdue_since" if what == "on" else f"overdue_{what}"
    name = _FIELDS.get(rest[0], rest[0]) if rest else None
    return name if name in part.fields else None


class _Saying:
    """Makes the document out of the forms, and notes which part of it came from where."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.said: dict[str, Any] = {"id": writing.row.pk, "on": writing.on, "origin": "registers"}
        self.where: dict[str, tuple[Part, str | None]] = {}

    def done(self) -> tuple[dict[str, Any], dict[str, tuple[Part, str | None]]]:
        self._group()
        self._women()
        self._loans()
        self._surplus()
        return self.said, self.where

    def _list(self, key: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.said.setdefault(key, [])
        return found

    def _add(self, key: str, part: Part, name: str | None, **said: Any) -> None:
        rows = self._list(key)
        self.where[f"{key}.{len(rows)}"] = (part, name)
        rows.append(said)

    def _group(self) -> None:
        part = self.writing.group_part
        for name in ("meetings_held", *part.AMOUNTS):
            self.said[name] = part.value(name) or 0
        self.said["last_meeting"] = part.value("last_meeting")
        for name in ("on", "meetings_held", "last_meeting", *part.AMOUNTS):
            self.where[name] = (part, name)
        for name in part.above:
            what, body = name.split("_")
            if paise := part.value(name):
                self._add("held", part, name, body=body, what=what, paise=paise)

    def _women(self) -> None:
        attended = {}
        has, who = ("savings", "woman") if self.writing.is_group else ("kept", "body")
        for pk, _name, part in self.writing.women:
            for head in part.HEADS:
                if paise := part.value(head):
                    self._add(has, part, head, **{who: pk}, head=head, paise=paise)
            if count := part.value("attended"):
                attended[str(pk)] = count
                self.where[f"attended.{pk}"] = (part, "attended")
            if part.value("closed_count") or part.value("closed_paise"):
                self._closed(part, "closed", head=GIVEN[self.writing.kind], **{who: pk})
        self.said["attended"] = attended

    def _loans(self) -> None:
        self._list("loans")
        for pk, part in self.writing.loans:
            if (was := self.writing.as_it_was(pk, part)) is not None:
                self._add("loans", part, None, **was)
            elif not part.is_empty:
                whose = {"woman" if self.writing.is_group else "body": part.value("whose") or None}
                self._add("loans", part, None, loan=pk, head=GIVEN[self.writing.kind], **whose,
                          purpose=part.value("purpose") or "", **_terms(part))  # fmt: skip
        for pk, taken in self.writing.taken:
            if (was := self.writing.as_it_was(pk, taken)) is not None:
                self._add("loans", taken, None, **was)
            elif not taken.is_empty:
                self._add("loans", taken, None, loan=pk, **_drawn(self._taken(taken), _terms(taken)))
        closed = self.writing.closed
        for head, _name in closed.lenders:
            if closed.value(f"{head}_count") or closed.value(f"{head}_paise"):
                self._closed(closed, head, head=head)

    def _closed(self, part: Part, name: str, **about: Any) -> None:
        """How many loans were repaid; without a count it is asked for."""
        count, paise = part.value(f"{name}_count"), part.value(f"{name}_paise") or 0
        self._add("closed", part, f"{name}_count", **about, paise=paise, **({"count": count} if count else {}))

    def _taken(self, part: TakenLoanPart) -> dict[str, Any]:
        whose = part.value("whose") or ""
        said: dict[str, Any] = {name: part.value(name) or "" for name in ("lender", "number")}
        said["purpose"] = "onlending"
        if whose in ("", "bank", "other"):
            said["head"] = "loan_from_other" if whose == "other" else "loan_from_bank"
            said["is_cash_credit"] = bool(part.value("is_cash_credit"))
            return {**said, "limit": part.value("limit") or 0}
        kind = self.writing.bodies[UUID(whose)][0] if UUID(whose) in self.writing.bodies else "vo"
        return {**said, "head": f"loan_from_{kind}", "body": whose, "lender": ""}

    def _surplus(self) -> None:
        part = self.writing.surplus
        self.said["surplus"], self.said["surplus_why"] = part.value("surplus"), part.value("surplus_why") or ""
        self.where |= {"surplus": (part, "surplus"), "surplus_why": (part, "surplus_why")}


def _drawn(taken: dict[str, Any], terms: dict[str, Any]) -> dict[str, Any]:
    """Of a cash credit the limit is enough: nothing may be drawn of it yet."""
    if taken.get("is_cash_credit") and taken.get("limit"):
        terms = {"outstanding": 0, "method": "balance", **terms}
        terms.setdefault("lent", terms["outstanding"])
    return taken | terms


def _terms(part: LoanPart) -> dict[str, Any]:
    """What both kinds of loans say. What is missing is left out, to be asked for by name."""
    said = {
        name: value
        for name in ("lent_on", "lent", "outstanding", "rate_bp_a_year", "method", "part_month", "frequency",
                     "instalments", "next_due", "source")
        if name in part.fields and (value := part.value(name)) not in (None, "")
    }  # fmt: skip
    principal, interest, since = (
        part.value(name) for name in ("overdue_principal", "overdue_interest", "overdue_since")
    )
    if principal or interest or since:
        overdue = {"principal": principal or 0, "interest": interest or 0}
        said["overdue"] = [{**overdue, **({"on": since} if since else {})}]
    return said
