"""A group that lives by chance: meetings that are nearly always right, corrected and taken back, women who come and go,
loans of every kind, money from and to its VO, months that are closed. What the rules refuse did not happen."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from umeed.books.actions import lock_month, post_sheet, take_back_meeting
from umeed.books.actions.bodies import BodyTerms, lend_to_body
from umeed.books.actions.bylaws import set_bylaws
from umeed.books.actions.credits import set_limit
from umeed.books.actions.days import close_day
from umeed.books.actions.loans import agree_anew, let_interest_go, write_off
from umeed.books.actions.meetings import known_before
from umeed.books.actions.taking import take_loan
from umeed.books.ledger.balances import balances
from umeed.books.ledger.on_the_way import Waits, waiting_on
from umeed.books.meetings import expected
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.meetings.facts import Before, standing_meetings
from umeed.books.meetings.sums import tally_of
from umeed.books.models import Loan, Meeting
from umeed.books.rules.taken import TakenTerms
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import entry, saving, sheet
from umeed.core.actions import Refused
from umeed.field.commands.meetings import close
from umeed.field.commands.sent import Sent, read_sent
from umeed.field.commands.trying import Group, Stands, Work
from umeed.institutions.actions import leave_group
from umeed.institutions.models import Institution, Membership, Woman
from umeed.institutions.tests.making import make_woman, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

Command = dict[str, Any]
FIRST = datetime.date(2024, 4, 8)
NOTHING = Waits(Paise(0), Paise(0))
SAVINGS = ("saving_compulsory", "saving_food", "saving_optional")
WEEK = datetime.timedelta(days=7)


@dataclass
class History:
    """`did` are the kinds of commands that a phone could have sent, and "beside" where something else was done."""

    kept: Kept
    vo: Any
    chance: Random
    # What lies before it is written no more: a phone that is told of a window cannot.
    since: datetime.date = FIRST
    on: datetime.date = FIRST
    did: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    # How many meetings got another number than they said.
    renumbered: int = 0

    @property
    def group(self) -> Institution:
        return self.kept.group

    @property
    def book(self) -> Any:
        return self.kept.book

    def begin(self) -> None:
        """Rules, money at the bank, and a bank that lends."""
        self._rules(self.book.opened_on)
        post_sheet(by=us(), book=self.book, draft=sheet(entry("bank", 50_000), entry("cif", -50_000), on="2024-04-01"))

    def step(self) -> Command | None:
        """One thing more; the command of it where a phone says it. Raises Refused where it may not be."""
        work: Callable[[], Command | None] = self.chance.choices(
            [self._meet, self._correct, self._take_back, self._beside], weights=[60, 14, 5, 21]
        )[0]
        with transaction.atomic():
            done = work()
        self.did.append(done["kind"] if done else "beside")
        return done

    # Meetings --------------------------------------------------------------------------------------------------------

    def _meet(self) -> Command:
        is_late = self.chance.random() < 0.12
        day = self.on - datetime.timedelta(days=self.chance.randint(1, 20)) if is_late else self.on + self._later()
        if self.on >= self.since > day:
            raise Refused([])
        last = standing_meetings(self.book).filter(number__isnull=False).order_by("-number").first()
        number = (last.number or 0) + 1 if last else 1
        if not is_late and self.chance.random() < 0.2:
            number = max(1, number - self.chance.randint(1, 3))  # of a phone that did not know of the last ones
        if self.chance.random() < 0.06:
            return self._close({"id": str(new_id()), "on": day.isoformat(), "kind": "missed", "why": "Snow"})
        kind = "extra" if self.chance.random() < 0.12 else "regular"
        command = self._close(self._document(day, number, kind))
        self.on = max(self.on, day)
        return command

    def _later(self) -> datetime.timedelta:
        return datetime.timedelta(days=self.chance.choice((7, 7, 7, 6, 8, 14)))

    def _close(self, said: dict[str, Any], replaces: UUID | None = None) -> Command:
        why = "A slip" if replaces else ""
        told = {"document": said, "sure": True, "replaces": str(replaces) if replaces else None, "why": why}
        command = self._command(said["id"], "close_meeting", told)
        sent = read_sent(json.loads(json.dumps(command)))
        assert isinstance(sent, Sent)
        work = Work(us(), new_id(), Group(self.group.pk, self.book.pk, self.group.place_id), sent)
        try:
            close(work)
        except Stands as stands:
            raise Refused(stands.reasons) from stands
        self.renumbered += "number" in work.told
        return command

    def _command(self, id: object, kind: str, said: dict[str, Any]) -> Command:
        made_at = f"{us().today}T10:00:00"
        return {
            "id": str(id),
            "try": 1,
            "kind": kind,
            "group": str(self.group.pk),
            "after": [],
            "made_at": made_at,
            "said": said,
        }

    def _some_open(self) -> Meeting:
        rows = list(standing_meetings(self.book).filter(held_on__gt=self.since).order_by("-held_on")[:8])
        if not rows:
            raise Refused([])
        return self.chance.choice(rows)

    def _correct(self) -> Command:
        old = self._some_open()
        day = old.held_on + datetime.timedelta(days=self.chance.choice((0, 0, 0, 1, -1)))
        if old.kind == "missed":
            return self._close({"id": str(new_id()), "on": day.isoformat(), "kind": "missed", "why": "Ice"}, old.pk)
        number = old.number if self.chance.random() < 0.8 else self.chance.randint(1, old.number or 1)
        return self._close(self._document(day, number, old.kind, old), old.pk)

    def _take_back(self) -> Command:
        old, id = self._some_open(), new_id()
        take_back_meeting(by=us(), meeting=old.pk, id=id, why="It was another day")
        return self._command(id, "take_back_meeting", {"meeting": str(old.pk), "why": "It was another day"})

    # The document of one ---------------------------------------------------------------------------------------------

    def _document(self, on: datetime.date, number: int | None, kind: str, old: Meeting | None = None) -> dict[str, Any]:
        known = known_before(by=us(), book=self.book, on=on, number=number, replaces=old.pk if old else None)
        attendance = self._attendance(known)
        there = [woman for woman, state in attendance.items() if state in ("present", "late")]
        said: dict[str, Any] = {
            "id": str(new_id()), "number": number, "on": on.isoformat(), "kind": kind, "attendance": attendance,
            "president": there[0] if there else None,
            "savings": list(self._savings(known, attendance, kind)), "fines": list(self._fines(known, attendance)),
            "withdrawals": list(self._withdrawals(known)), "repayments": list(self._repayments(known)),
            "receipts": list(self._moved(("other_receipt", "award", "cif", "revolving_fund"))),
            "payments": list(self._moved(("meeting_cost", "travel", "bank_charge"))),
            "repaid": list(self._repaid(known)), **self._queue(known, on, old), **self._between(known),
        }  # fmt: skip
        said |= self._bank(known, said)
        return said | self._counted(known, said)

    def _attendance(self, known: Before) -> dict[str, str]:
        states = ["present", "late", "absent", "on_leave"]
        return {
            str(woman): "present" if at == 0 else self.chance.choices(states, weights=[70, 10, 13, 7])[0]
            for at, woman in enumerate(known.facts.members)
        }

    def _savings(self, known: Before, attendance: dict[str, str], kind: str) -> Iterator[dict[str, Any]]:
        for (woman, head), paise in expected.savings_of(known, attendance, kind=kind).items():
            if self.chance.random() < 0.93:
                yield {"woman": str(woman), "head": head, "paise": paise}
        for woman, state in attendance.items():
            if self.chance.random() < 0.12:
                by = {"by": "Her sister"} if state not in ("present", "late") else {}
                head = self.chance.choice(SAVINGS)
                yield {"woman": woman, "head": head, "paise": 100 * self.chance.randint(1, 90), **by}

    def _fines(self, known: Before, attendance: dict[str, str]) -> Iterator[dict[str, Any]]:
        for woman, why, paise in expected.fines_of(known, attendance):
            if self.chance.random() < 0.8:
                yield {"woman": str(woman), "why": why, "paise": paise}

    def _withdrawals(self, known: Before) -> Iterator[dict[str, Any]]:
        for (woman, head), paise in known.facts.savings.items():
            if woman in known.facts.members and self.chance.random() < 0.04:
                most = max(1, paise // self.chance.randint(1, 4))
                yield {"woman": str(woman), "head": head, "paise": most, "by": "Her son"}

    def _repayments(self, known: Before) -> Iterator[dict[str, Any]]:
        for one in expected.loans_of_women(known):
            if self.chance.random() > 0.75:
                continue
            due = one.due_now if self.chance.random() < 0.6 else expected.owed_of(known, one)
            part = self.chance.choice((1, 1, 2, 3))
            said = {name: getattr(due, name) // part for name in ("penalty", "interest", "principal")}
            if any(said.values()):
                yield {"loan": str(one.loan.uid), **said, "by": "Her son"}
        for one in expected.loans_off(known):
            if one.may_come_back and self.chance.random() < 0.3:
                yield {"loan": str(one.loan.uid), "principal": max(1, one.may_come_back // 3), "by": "Her son"}

    def _moved(self, heads: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        if self.chance.random() < 0.2:
            mode = self.chance.choice(("cash", "bank"))
            yield {"head": self.chance.choice(heads), "paise": 100 * self.chance.randint(1, 500), "mode": mode}

    def _repaid(self, known: Before) -> Iterator[dict[str, Any]]:
        for one in [*expected.loans_taken(known), *expected.loans_taken_off(known)]:
            if self.chance.random() < 0.3:
                continue
            if one.off_on is not None:
                yield {"loan": str(one.loan.uid), "principal": max(1, one.may_come_back // 4), "mode": "bank"}
            elif one.to_pay.whole and self.chance.random() < 0.7:
                due = one.to_pay
                yield {"loan": str(one.loan.uid), "principal": due.principal, "interest": due.interest, "mode": "bank"}

    def _queue(self, known: Before, on: datetime.date, old: Meeting | None) -> dict[str, Any]:
        """Who asks, who is granted what, who is paid out. A correction says again most of what stood there."""
        was = old.said if old else {}
        requests = [one for one in was.get("requests", ()) if self.chance.random() < 0.9]
        decisions = [one for one in was.get("decisions", ()) if self.chance.random() < 0.9]
        lendings = [one for one in was.get("lendings", ()) if self.chance.random() < 0.9]
        waiting = {str(key): (str(one.who), one.paise) for key, one in known.facts.requests.items()}
        if self.chance.random() < 0.3 and known.facts.members:
            asked = {"id": str(new_id()), "woman": str(self.chance.choice(list(known.facts.members))),
                     "paise": 100_00 * self.chance.randint(1, 40), "purpose": "cattle"}  # fmt: skip
            requests.append(asked)
        waiting |= {one["id"]: (one["woman"], one["paise"]) for one in requests}
        told = {one["request"] for one in decisions} | {one["request"] for one in lendings}
        for key, (woman, paise) in waiting.items():
            if key in told or self.chance.random() < 0.5:
                continue
            outcome = self.chance.choices(["granted", "deferred", "refused", "withdrawn"], weights=[70, 15, 10, 5])[0]
            later = {"promised_on": (on + 3 * WEEK).isoformat()} if outcome == "deferred" else {}
            decisions.append(
                {"id": str(new_id()), "request": key, "outcome": outcome, "why": "Said so", "jump_why": "Ill", **later}
            )
            if outcome == "granted" and self.chance.random() < 0.8:
                lendings.append(self._lending(key, woman, paise, on))
        return {"requests": requests, "decisions": decisions, "lendings": lendings}

    def _lending(self, request: str, woman: str, paise: int, on: datetime.date) -> dict[str, Any]:
        frequency = self.chance.choice(("weekly", "fortnightly", "monthly"))
        return {
            "loan": str(new_id()), "woman": woman, "paise": paise, "request": request, "by": "Her son",
            "mode": self.chance.choice(("cash", "bank", "bank")), "source": self.chance.choice(("own", "own", "cif")),
            "rate_bp_a_year": self.chance.choice((1200, 2400)),
            "method": self.chance.choice(("balance", "balance", "flat", "declining", "bullet")),
            "frequency": frequency, "instalments": self.chance.choice((1, 4, 10)),
            "first_due": (on + self.chance.choice((1, 2, 4)) * WEEK).isoformat(),
        }  # fmt: skip

    def _between(self, known: Before) -> dict[str, Any]:
        body, facts = self.vo.vo.pk, known.facts
        said: dict[str, Any] = {}
        for part, waits in (("arrived", facts.on_the_way), ("left", facts.counted_there)):
            if (paise := waits.get(body)) and self.chance.random() < 0.6:
                said[part] = [{"body": str(body), "paise": max(1, paise // self.chance.choice((1, 1, 2)))}]
        if self.chance.random() < 0.25:
            what = self.chance.choice(("saving", "share", "fee"))
            said["given"] = [{"body": str(body), "what": what, "paise": 100 * self.chance.randint(1, 99)}]
        drawn = [one for one in expected.loans_taken(known) if one.loan.is_cash_credit and one.left]
        if drawn and self.chance.random() < 0.3:
            said["drawn"] = [{"loan": str(drawn[0].loan.uid), "paise": max(1, drawn[0].left // 5), "mode": "bank"}]
        return said

    def _bank(self, known: Before, said: dict[str, Any]) -> dict[str, Any]:
        """What goes to the bank or comes from it, so that the box and the bank hold what leaves them."""
        tally = tally_of(_read(said))
        box, bank = tally.box(known.facts.cash), known.facts.bank + tally.bank_in - tally.bank_out
        if box < 0:
            return {"withdrawal": -box + 100}
        return {"deposit": box // 2} if bank < 0 or self.chance.random() < 0.2 else {}

    def _counted(self, known: Before, said: dict[str, Any]) -> dict[str, Any]:
        box = tally_of(_read(said)).box(known.facts.cash)
        if self.chance.random() < 0.07:
            apart = self.chance.choice((-500, 1000))
            return {"counted": max(0, box + apart), "difference_why": "As it was counted"}
        return {"counted": max(0, box)}

    # Beside meetings -------------------------------------------------------------------------------------------------

    def _beside(self) -> None:
        """What first may be, of all that others than the phone do."""
        every = [
            self._rules_anew, self._vo_lends, self._vo_meets, self._bank_lends, self._limit, self._anew, self._let_go,
            self._off, self._comes, self._leaves, self._merged, self._lock, self._slip,
        ]  # fmt: skip
        for work in self.chance.sample(every, 4):
            try:
                with transaction.atomic():
                    work()
            except Refused:
                continue
            self.beside.append(work.__name__)
            return
        raise Refused([])

    def _rules(self, since: datetime.date) -> None:
        set_bylaws(
            by=us(), book=self.book, id=new_id(), since=since, compulsory_paise=100 * self.chance.choice((20, 50)),
            food_paise=self.chance.choice((0, 5_00)), rate_bp_a_year=2_400, method="balance", frequency="monthly",
            fine_late_paise=5_00, fine_absent_paise=self.chance.choice((0, 10_00)), penalty_paise=10_00,
            part_month=self.chance.choice(("days", "whole", "due")),
        )  # fmt: skip

    def _rules_anew(self) -> None:
        self._rules(self.on + datetime.timedelta(days=1))

    def _vo_lends(self) -> None:
        terms = BodyTerms(
            self.group.pk, Paise(100_00 * self.chance.randint(5, 90)), rate_bp_a_year=1200, method="balance",
            instalments=5, first_due=self.on + 5 * WEEK,
        )  # fmt: skip
        lend_to_body(by=us(), book=self.vo.book, loan=new_id(), on=self.on, terms=terms)

    def _vo_meets(self) -> None:
        """The VO counts in what waits, and what the group brought and has not said."""
        body, book = self.group.pk, self.vo.book
        last = standing_meetings(book).order_by("-number").first()
        waits = waiting_on(book.pk, self.on).get(body, NOTHING)
        loan = Loan.objects.filter(book=book, body=body).order_by("-pk").first()
        said: dict[str, Any] = {
            "id": new_id(), "number": (last.number or 0) + 1 if last else 1, "on": self.on.isoformat(), "counted": 0,
            "attendance": {one.pk: "present" for one in (self.vo.one.group, self.vo.two.group, self.vo.bookless)},
        }  # fmt: skip
        if waits.sent:
            said["arrived"] = [{"body": body, "paise": waits.sent}]
        if loan and self.chance.random() < 0.6:
            said["repayments"] = [{"loan": loan.uid, "principal": 1_00_00, "interest": 0}]
        said["counted"] = 0
        said["difference_why"] = "As it was counted"
        close_day(by=us(), book=book, said=said, is_sure=True)

    def _bank_lends(self) -> None:
        is_credit = self.chance.random() < 0.5
        credit: dict[str, Any] = {"is_cash_credit": True, "limit": Paise(20_000_00)} if is_credit else {}
        terms = TakenTerms(
            head="loan_from_bank", lender="J&K Bank", number=str(self.chance.randint(100, 999)), paise=Paise(5_000_00),
            rate_bp_a_year=900, method="balance", instalments=10, first_due=self.on + 4 * WEEK, **credit,
        )  # fmt: skip
        take_loan(by=us(), book=self.book, loan=new_id(), on=self.on, terms=terms)

    def _limit(self) -> None:
        loan = self._a_loan(is_cash_credit=True)
        set_limit(
            by=us(),
            book=self.book,
            loan=loan.uid,
            id=new_id(),
            since=self.on,
            limit=Paise(100_00 * self.chance.randint(60, 300)),
        )

    def _a_loan(self, **which: Any) -> Loan:
        rows = list(Loan.objects.filter(book=self.book, **which))
        if not rows:
            raise Refused([])
        return self.chance.choice(rows)

    def _anew(self) -> None:
        loan, since = self._a_loan(head="loan_to_member"), self.on + datetime.timedelta(days=1)
        agree_anew(
            by=us(), book=self.book, loan=loan.uid, id=new_id(), since=since, rate_bp_a_year=1200, method="balance",
            frequency="monthly", instalments=6, first_due=since + 4 * WEEK, resolution="12", approved="VO",
        )  # fmt: skip

    def _let_go(self) -> None:
        loan, since = self._a_loan(head="loan_to_member"), self.on + datetime.timedelta(days=1)
        let_interest_go(
            by=us(), book=self.book, loan=loan.uid, id=new_id(), since=since, resolution="13", approved="VO"
        )

    def _off(self) -> None:
        write_off(
            by=us(),
            book=self.book,
            loan=self._a_loan(head="loan_to_member").uid,
            on=self.on,
            resolution="15",
            approved="VO",
        )

    def _comes(self) -> None:
        names = ("Haseena Bano", "Aisha Lone", "Zoona Begum")
        whose = self.chance.choice(("Ghulam Nabi", "Abdul Rashid"))
        make_woman(
            self.group.place, self.chance.choice(names), group=self.group, joined_on=self.on, belonging_name=whose
        )

    def _leaves(self) -> None:
        ties = list(Membership.objects.on(self.on).filter(institution=self.group).order_by("pk"))
        leave_group(
            by=us(),
            membership=self.chance.choice(ties).pk,
            left_on=self.on + datetime.timedelta(days=1),
            leave_reason="moved",
        )

    def _merged(self) -> None:
        """A record under which she saved was hers a second time."""
        ties = Membership.objects.filter(institution=self.group).order_by("pk")
        women = list(Woman.objects.filter(memberships__in=ties, merged_into=None).distinct().order_by("pk"))
        if len(women) < 7:
            raise Refused([])
        Woman.objects.filter(pk=women[-1].pk).update(merged_into=women[0])

    def _lock(self) -> None:
        lock_month(by=us(), book=self.book, month=self.on.replace(day=1) - datetime.timedelta(days=20))

    def _slip(self) -> None:
        woman = self.chance.choice(self.kept.women)
        held = balances(self.book.pk, self.on).get("cash", 0)
        post_sheet(by=us(), book=self.book, draft=saving(woman, 1 + held % 50, on=self.on.isoformat()))


def _read(said: dict[str, Any]) -> MeetingDocument:
    document = read(said)
    if isinstance(document, list):
        raise Refused(document)
    return document
