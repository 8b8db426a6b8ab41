"""A group's year, week by week: who came, what was saved, repaid, lent and paid, and what the box held at the end."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID, uuid5

from umeed.books.bulk import Mirror
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Sheet
from umeed.books.rules.allocation import Split, allocated
from umeed.kernel.money import Paise
from umeed.simulator.books import seasons
from umeed.simulator.books.habits import RF, Group, Habits, Member, habits_of
from umeed.simulator.books.lending import Wish, lend_and_decide
from umeed.simulator.books.minutes import Minutes
from umeed.simulator.books.opening import lend_cif, open_with_a_past
from umeed.simulator.books.owing import Agreed, Owing
from umeed.simulator.books.rows import Rows
from umeed.simulator.chance import Chance

_DAY, _WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)
_NEW = 84
"""A group younger than twelve weeks begins with its first meeting; an older one with a cut-off (M9)."""
_TOPICS = (
    ("Attendance and savings", "Everybody saves on the day of the meeting."),
    ("Repayments", "Who is late pays in two parts."),
    ("Health camp", "All go to the health camp at the sub-centre."),
    ("Schemes", "Applications for the pension are written together."),
    ("School", "No girl of the group leaves school this year."),
    ("Dairy", "Milk is sold together at the collection point."),
    ("Insurance", "Premiums are due in May; everybody brings hers."),
    ("Accounts", "The books were read out and agreed."),
)
_OVER = ("A note was counted twice", "Change was not given back")
_SHORT = ("Change was given twice", "A torn note was put aside", "One coin is missing")


@dataclass(frozen=True, slots=True)
class Span:
    """The weeks that are invented: from the first Monday, so many."""

    first: datetime.date
    weeks: int
    now: datetime.datetime

    @property
    def start(self) -> datetime.date:
        """The day of the cut-offs."""
        return self.first - _DAY

    def mondays(self, since: datetime.date) -> list[datetime.date]:
        """The weeks of a book that begins on a day: a young group's own first weeks come before the year's."""
        start = min(self.first, since - _DAY * since.weekday())
        return [start + _WEEK * at for at in range((self.first - start).days // 7 + self.weeks)]


_NEW_DAYS = _DAY * _NEW


class GroupYear:
    """One group from the opening of its book to last week's meeting."""

    def __init__(self, group: Group, book: int, books: dict[UUID, int], span: Span, rows: Rows, seed: int) -> None:
        self.group, self.book, self.books, self.span, self.rows = group, book, books, span, rows
        self.chance = Chance(seed, f"books:{group.id}")
        self.habits: Habits = habits_of(group, self.chance)
        self.is_young = group.formed_on > span.start - _NEW_DAYS
        self.opened = group.formed_on if self.is_young else span.start
        self.cash = self.bank = 0
        self.meetings_before = 0
        self.loans: list[tuple[Member, Owing]] = []
        self.queue: list[Wish] = []
        self.vo_loan: Owing | None = None
        self.bank_loan: Owing | None = None
        self.vo_saving = self.chance.of((50_00, 100_00, 100_00, 200_00))
        self.has_share = False
        # What stands with the VO on the day of the cut-off: (group, saving, share, loan).
        self.at_vo: list[tuple[UUID, int, int, Owing | None]] = []
        # What the VO lends in this year, and what goes there: (day, paise).
        self.from_vo: list[tuple[datetime.date, int]] = []
        self.to_vo: list[tuple[datetime.date, int]] = []
        self.rf_on: datetime.date | None = None
        self.cif_on: datetime.date | None = None
        self.bank_on: datetime.date | None = None
        self._arriving = 0
        self._quarter = self._month = (0, 0)
        self._gave_in = (0, 0)

    def new_id(self) -> UUID:
        return UUID(hex=self.chance.id())

    def play(self) -> None:
        """Open the book and hold every meeting."""
        rows = self.rows
        rows.books.append((self.book, self.group.id, self.opened))
        rows.bylaw(self.book, self.opened, self.habits.row, self.new_id())
        self._plan_funds()
        if not self.is_young:
            open_with_a_past(self)
        number = self.meetings_before
        stops = self._stops_after()
        for at, monday in enumerate(self.span.mondays(self.opened)):
            day = monday + _DAY * self.habits.weekday
            if day < self.opened or (day == self.opened and not self.is_young):
                continue
            members = self.members_on(day)
            if len(members) < 3 or at >= stops:
                continue
            self._external(day)
            draw = self.chance.uniform()
            why = seasons.why_missed(self.group.terrain, day, draw, self.habits.discipline)
            if why and number > self.meetings_before:
                rows.missed(self.book, self.new_id(), day, why, self.group.place, self._closed_at(day))
                continue
            number += 1
            self._meet(day, number, members)

    def members_on(self, day: datetime.date) -> list[Member]:
        return [woman for woman in self.group.members if woman.joined <= day]

    def first_due(self, day: datetime.date) -> datetime.date:
        """When a loan of this day is first repaid: at a meeting a month (a week, a fortnight) later."""
        weeks = {"weekly": 1, "fortnightly": 2}.get(self.habits.bylaws.frequency, 4)
        return day + weeks * _WEEK

    def _stops_after(self) -> int:
        """A dormant group has stopped to meet some weeks ago."""
        return self.chance.between(8, 36) if self.group.status == "dormant" else 10_000

    def _plan_funds(self) -> None:
        """When the revolving fund, the VO's loan and the bank's come, if they come within the year."""
        formed, chance, habits = self.group.formed_on, self.chance, self.habits
        later = self.span.first + _DAY * chance.between(20, 320)
        draws = chance.uniform(), chance.uniform()
        if habits.has_rf:
            self.rf_on = max(formed + _DAY * 100, self.opened)
        if habits.has_cif and self.group.vo is not None:
            vo = self.group.vo
            self.cif_on = max(formed + _DAY * 200, vo.since + _DAY * 30, vo.opened + _DAY, self.opened + _DAY)
            self.cif_on = max(self.cif_on, later) if draws[0] < 0.5 else self.cif_on
        if habits.bank_dose and self.group.has_account:
            self.bank_on = max(formed + _DAY * 210, later)

    def _external(self, day: datetime.date) -> None:
        """What happens between meetings: the VO lends its fund, the bank lends."""
        eve = day - _DAY
        if self.habits.has_cif and self.cif_on and self.vo_loan is None and self.cif_on < eve and eve > self.opened:
            self.habits.has_cif = False
            vo = self.group.vo
            assert vo is not None
            amount = 40_000_00
            self.vo_loan = lend_cif(self, eve, amount, 24)
            moves = [("loan_from_vo", "loan_to_body", -amount, self.vo_loan)]
            self.rows.between(self.new_id(), eve, self.book, self.group.id, self.books[vo.id], vo.id, moves)
            self.from_vo.append((eve, amount))
            self._arriving += amount
        if self.bank_on and self.bank_on < eve and eve > self.opened and self.habits.bank_dose:
            dose, self.habits.bank_dose, self.bank_on = self.habits.bank_dose, 0, None
            first = (eve.replace(day=1) + _DAY * 45).replace(day=10)
            terms = Agreed(eve, dose, 850, "balance", "monthly", 36, first, 10_000, 1, "even")
            self.bank_loan = self.rows.lent(
                self.new_id(), self.book, "loan_from_bank", terms, purpose="onlending", lender="Demonstration Bank"
            )
            taken = [Entry("bank", Paise(dose)), Entry("loan_from_bank", Paise(-dose), loan=self.bank_loan.number)]
            self.rows.post(self.book, self.new_id(), eve, Sheet.Kind.BANK, taken)
            self.bank += dose

    def _meet(self, day: datetime.date, number: int, members: list[Member]) -> None:
        for _woman, loan in self.loans:
            loan.come(day)
        came = self._attendance(day, members)
        minutes = Minutes(self.new_id(), day, number=number)
        said = minutes.said
        present = [woman for woman in members if came[woman.text] in ("present", "late")]
        if not present:
            present, came[members[0].text] = [members[0]], "present"
        said["president"], said["attendance"] = present[number % len(present)].text, came
        said["are_last_minutes_read"] = True
        self._save(minutes, members, came)
        self._repayments(minutes, day, came)
        self._fines(minutes, members, came)
        self._receipts(minutes, day)
        lend_and_decide(self, minutes, members, came)
        self._pay(minutes, day)
        self._to_bank_and_back(minutes)
        self._repay_above(minutes, day)
        self._give(minutes, day)
        if self.chance.happens(0.5):
            topic, decided = self.chance.of(_TOPICS)
            said["agenda"] = [{"topic": topic, "decided": decided}]
        self._count(minutes)
        self._close(minutes, day, number, came, present)

    def _attendance(self, day: datetime.date, members: list[Member]) -> dict[str, str]:
        dip = 0.07 if day.month in (9, 10) else 0.0
        uniform, came = self.chance.uniform, {}
        for woman in members:
            draw = uniform()
            if draw < woman.comes - dip:
                came[woman.text] = "late" if draw < 0.035 else "present"
            else:
                came[woman.text] = "on_leave" if draw > 0.985 else "absent"
        return came

    def _save(self, minutes: Minutes, members: list[Member], came: dict[str, str]) -> None:
        heads = [(head, paise) for head, paise in self.habits.bylaws.savings.items() if paise]
        uniform, optional = self.chance.uniform, self.habits.bylaws.takes_optional
        for at, woman in enumerate(members):
            is_here, by = came[woman.text] in ("present", "late"), None
            draw = uniform()
            if not is_here:
                if draw > 0.55:
                    continue
                by = members[at - 1].name
            elif draw > 0.5 + woman.pays / 2:
                continue
            for head, paise in heads:
                minutes.save(woman.id, woman.text, head, paise, by)
                woman.saved[head] = woman.saved.get(head, 0) + paise
            if optional and draw < 0.02 and is_here:
                paise = 50_00 * (1 + int(draw * 400) % 6)
                minutes.save(woman.id, woman.text, "saving_optional", paise)
                woman.saved["saving_optional"] = woman.saved.get("saving_optional", 0) + paise

    def _repayments(self, minutes: Minutes, day: datetime.date, came: dict[str, str]) -> None:
        bylaws, uniform, hard = self.habits.bylaws, self.chance.uniform, seasons.lean(self.group.terrain, day)
        for woman, loan in self.loans:
            principal, interest = loan.principal_due, loan.interest_due
            if not principal and not interest:
                if loan.owed and uniform() < 0.004 and came.get(woman.text) == "present":
                    part = min(loan.owed, 50_000 * (1 + int(uniform() * 6)))
                    minutes.repay(loan, woman.id, penalty=0, interest=0, principal=part)
                continue
            draw = uniform()
            if (woman.is_bad and (day - self.span.first).days > 90) or draw > woman.pays - hard:
                continue
            by = None
            if came.get(woman.text) not in ("present", "late"):
                if draw > 0.5:
                    continue
                by = "Her daughter"
            since = loan.since()
            late = (day - since).days if since else 0
            penalty = int(bylaws.penalty) if late > 13 else 0
            if late > 13 and draw < 0.25:
                # She brings a part of it, in whole fifties.
                brings = max(5_000, (principal + interest) // 2 // 5_000 * 5_000)
                split = allocated(
                    Paise(brings), owed=Split(Paise(penalty), Paise(interest), Paise(loan.owed)), order=bylaws.order
                )
                penalty, interest, principal = split.penalty, split.interest, split.principal
            if penalty or interest or principal:
                minutes.repay(loan, woman.id, penalty=penalty, interest=interest, principal=principal, by=by)
        self.loans = [one for one in self.loans if not one[1].is_closed]

    def _fines(self, minutes: Minutes, members: list[Member], came: dict[str, str]) -> None:
        late, absent = self.habits.bylaws.fine_late, self.habits.bylaws.fine_absent
        if not late:
            return
        for woman in members:
            if came[woman.text] == "late" and self.chance.happens(0.7):
                minutes.fine(woman.id, "late", late)
            elif came[woman.text] == "present" and absent and self.chance.happens(0.012):
                minutes.fine(woman.id, "absent", absent)

    def _receipts(self, minutes: Minutes, day: datetime.date) -> None:
        quarter = (day.year, (day.month - 1) // 3)
        if self._quarter != quarter:
            if self._quarter != (0, 0) and self.group.has_account and self.bank > 1_000_00:
                minutes.receive("interest_from_bank", max(1, self.bank * 7 // 1_000), "bank")
            self._quarter = quarter
        if self.rf_on and self.rf_on <= day:
            minutes.receive("revolving_fund", RF, "bank" if self.group.has_account else "cash")
            self.rf_on = None
        if self._arriving and self.group.vo is not None:
            minutes.arrive(self.group.vo.id, self._arriving, "bank" if self.group.has_account else "cash")
            self._arriving = 0

    def held(self, minutes: Minutes) -> tuple[int, int]:
        """Box and bank at this moment of the meeting."""
        return self.cash + minutes.cash, self.bank + minutes.bank

    def promised(self) -> int:
        """What must be there for the VO and the bank next month."""
        whole = 0
        for loan in (self.vo_loan, self.bank_loan):
            if loan is not None and loan.owed:
                whole += loan.principal_due + loan.interest_due + min(loan.owed, 5_000_00)
        return whole

    def _pay(self, minutes: Minutes, day: datetime.date) -> None:
        month = (day.year, day.month)
        box, _bank = self.held(minutes)
        if self._month != month:
            if self._month != (0, 0) and box > 400_00:
                minutes.pay("fee_to_bookkeeper", 100_00 + 50_00 * (len(self.group.members) > 8))
            self._month = month
        elif box > 500_00 and self.chance.happens(0.06):
            minutes.pay("meeting_cost", self.chance.of((2_000, 3_000, 5_000)), note="Tea and register")

    def _to_bank_and_back(self, minutes: Minutes) -> None:
        """What the box need not hold goes to the bank."""
        box, _bank = self.held(minutes)
        if self.group.has_account and box > self.habits.box + 500_00 and "withdrawal" not in minutes.said:
            minutes.deposit((box - self.habits.box // 2) // 100_00 * 100_00)

    def _repay_above(self, minutes: Minutes, day: datetime.date) -> None:
        vo = self.group.vo
        for loan, head, lender in (
            (self.vo_loan, "loan_from_vo", vo.id if vo else None), (self.bank_loan, "loan_from_bank", None),
        ):  # fmt: skip
            if loan is None or not loan.owed:
                continue
            loan.come(day)
            principal, interest = loan.principal_due, loan.interest_due
            box, bank = self.held(minutes)
            mode = "bank" if bank >= principal + interest else "cash"
            is_enough = (bank if mode == "bank" else box) >= principal + interest
            if not (principal or interest) or not is_enough or self.chance.happens(0.06):
                continue
            interest_head = "interest_to_bank" if lender is None else "interest_to_body"
            minutes.repay_above(
                loan, head, interest_head, principal=principal, interest=interest, mode=mode, lender=lender
            )

    def _give(self, minutes: Minutes, day: datetime.date) -> None:
        """The monthly saving with the VO, its share once."""
        vo, month = self.group.vo, (day.year, day.month)
        if vo is None or max(vo.since, vo.opened) >= day or self._gave_in == month:
            return
        box, bank = self.held(minutes)
        paise = self.vo_saving + (0 if self.has_share else 500_00)
        mode = "cash" if box > paise + 100_00 else "bank"
        if mode == "bank" and bank < paise:
            return
        if not self.has_share:
            minutes.give(vo.id, vo.kind, "share", 500_00, mode)
            self.has_share = True
        minutes.give(vo.id, vo.kind, "saving", self.vo_saving, mode)
        self._gave_in = month

    def _count(self, minutes: Minutes) -> None:
        box, _bank = self.held(minutes)
        over, why = 0, ""
        if self.chance.happens(0.012):
            over = self.chance.of((-5_000, -2_000, -1_000, 1_000, 2_000))
            over = over if box + over >= 0 else 1_000
            why = self.chance.of(_OVER if over > 0 else _SHORT)
        minutes.count(box, over, why)

    def _close(
        self, minutes: Minutes, day: datetime.date, number: int, came: dict[str, str], present: list[Member]
    ) -> None:
        self.cash += minutes.cash
        self.bank += minutes.bank
        for moves in minutes.sent.values():
            self.to_vo.append((day, sum(move[2] for move in moves)))
        assert self.cash >= 0 and self.bank >= 0
        states: dict[str, list[UUID]] = {state: [] for state in ("present", "late", "absent", "on_leave")}
        for woman in self.group.members:
            if woman.text in came:
                states[came[woman.text]].append(woman.id)
        more = {
            "number": number, "attendance": states, "president": present[number % len(present)].id,
            "place": self.group.place, "institution": self.group.id, "books": self.books,
        }  # fmt: skip
        at = self._closed_at(day)
        wrong = self._slipped(minutes) if self.chance.happens(0.003) else None
        if wrong is None:
            self.rows.close(self.book, minutes, closed_at=at, **more)
            return
        why = "An amount was written wrongly"
        self.rows.close(self.book, wrong, closed_at=at, **more)
        back = tuple(Entry(one.head, Paise(-one.amount), one.woman, one.loan, one.body) for one in wrong.entries())
        mirror = Draft(uuid5(wrong.id, "reversal"), day, Sheet.Kind.REVERSAL, back)
        self.rows.mirrors.append(Mirror(self.book, mirror, wrong.id))
        self.rows.close(self.book, minutes, closed_at=at + _DAY * 1.2, version=2, replaces=wrong.id, why=why, **more)

    def _slipped(self, minutes: Minutes) -> Minutes | None:
        """The same meeting with one saving written wrongly; None where it moved more than savings and repayments."""
        said = minutes.said
        if minutes.sent or not said.get("savings") or said.keys() & {"requests", "decisions", "lendings", "arrived"}:
            return None
        wrong = Minutes(self.new_id(), minutes.on)
        savings = [dict(one) for one in said["savings"]]
        slip = self.chance.between(0, len(savings) - 1)
        more = savings[slip]["paise"]
        savings[slip]["paise"] += more
        wrong.said = {**said, "id": str(wrong.id), "savings": savings, "counted": said["counted"] + more}
        wrong.lines, wrong.cash, wrong.bank = dict(minutes.lines), minutes.cash + more, minutes.bank
        wrong._line(savings[slip]["head"], -more, UUID(savings[slip]["woman"]))
        return wrong

    def _closed_at(self, day: datetime.date) -> datetime.datetime:
        """In the afternoon of the day; groups that write late, days or weeks after."""
        wait = datetime.timedelta(hours=15 + 4 * self.chance.uniform())
        if self.habits.writes_late:
            wait += _DAY * self.chance.between(1, 24)
        return datetime.datetime.combine(day, datetime.time(), self.span.now.tzinfo) + wait
