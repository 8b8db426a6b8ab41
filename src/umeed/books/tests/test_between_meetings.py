"""Money between two meetings: first due days, who is late, interest that runs, what an absent woman missed."""

from __future__ import annotations

import hashlib
import json

import pytest

from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.documents import digest_of, read
from umeed.books.meetings.expected import fines_of, noted_of, owed_of, savings_of
from umeed.books.meetings.facts import before
from umeed.books.meetings.rhythm import Rhythm
from umeed.books.models import Bylaw
from umeed.books.tests.making import day
from umeed.books.tests.test_meetings import close, lend, meeting, saved
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.institutions.tests.making import codes_of, us


@pytest.mark.parametrize(
    ("meets", "weekday", "date", "lent", "repaid", "first"),
    [
        ("weekly", "tue", None, "2026-11-17", "monthly", "2026-12-22"),
        ("weekly", "tue", None, "2026-11-18", "weekly", "2026-11-24"),
        ("weekly", "", None, "2026-11-17", "monthly", "2026-12-22"),
        ("fortnightly", "", None, "2026-11-03", "monthly", "2026-12-15"),
        ("monthly", "", 10, "2026-11-12", "monthly", "2026-12-10"),
        ("monthly", "", 10, "2026-11-10", "quarterly", "2027-02-10"),
        ("monthly", "", 10, "2026-11-10", "weekly", "2026-12-10"),
        ("weekly", "fri", None, "2026-11-20", "quarterly", "2027-02-26"),
    ],
)
def test_the_first_instalment_falls_due_at_a_meeting(meets, weekday, date, lent, repaid, first) -> None:
    assert Rhythm(meets, weekday, date).first_due(day(lent), repaid) == day(first)


def test_who_pays_at_each_meeting_is_never_late(kept) -> None:
    """20 of 100 fall due on Wednesday, 8 May: late only when the meeting of Monday, the 13th, went by without her; or
    when there was none for more than a week."""
    close(kept, meeting(kept, savings=saved(kept), lendings=[lend(kept, 1, 100)], counted=150_00))

    def late(on: str) -> int:
        return running_loans(kept.book.pk, day(on))[0].days_late

    assert [late(f"2024-05-{on}") for on in ("08", "09", "13", "15", "16")] == [0, 0, 0, 0, 8]
    loan = running_loans(kept.book.pk, day("2024-05-13"))[0].loan
    paid = {"repayments": [{"loan": loan.uid, "interest": 2_00, "principal": 20_00}]}
    extra = meeting(kept, 2, "2024-05-09", kind="extra", counted=150_00)
    close(kept, extra)
    assert late("2024-05-12") == 0, "an extra meeting asks nobody for an instalment"
    close(kept, meeting(kept, 3, "2024-05-13", counted=150_00 + 22_00, **paid))
    assert late("2024-05-20") == 0
    close(kept, meeting(kept, 4, "2024-06-10", counted=172_00))
    assert late("2024-06-11") == 3, "due on 8 June, and not paid on the 10th"


def test_who_repays_between_two_due_days_pays_what_has_run(kept) -> None:
    """100 at 2 per cent a month, lent on 8 April, due first on 8 May: after 15 of 30 days 1 rupee has run."""
    close(kept, meeting(kept, savings=saved(kept), lendings=[lend(kept, 1, 100)], counted=150_00))
    known = before(kept.book, day("2024-04-23"), number=2, today=us().today)
    (loan,) = known.loans
    assert (loan.agreement.part_month, loan.due_now.whole, loan.run, owed_of(known, loan).whole) == (
        "days", 0, 1_00, 101_00,
    )  # fmt: skip
    said = meeting(kept, 2, "2024-04-23", counted=250_00, repayments=[{"loan": loan.loan.uid, "principal": 100_00}])
    with pytest.raises(Refused) as refused:
        close(kept, said)
    assert codes_of(refused) == ["interest_left"]
    close(kept, said, is_sure=True)
    left = running_loans(kept.book.pk, day("2024-05-30"))[0]
    assert (left.owed, left.arrears.interest, left.is_closed) == (0, 1_00, False)
    close(kept, meeting(
        kept, 3, "2024-05-13", counted=251_00, repayments=[{"loan": loan.loan.uid, "interest": 1_00}]
    ))  # fmt: skip
    assert running_loans(kept.book.pk, us().today) == []


def test_a_fine_and_a_saving_that_were_missed_are_due_when_she_comes_again(kept) -> None:
    """As in the passbook of twelve months: nothing in October, 50 in November. 10 for each absence, none for leave."""
    with audited(by=us(), did="set_bylaws"):
        Bylaw(
            book=kept.book, since=day("2024-04-01"), rate_bp_a_year=2400, method="balance", frequency="monthly",
            compulsory_paise=25_00, fine_absent_paise=10_00, fine_late_paise=5_00,
        ).save(force_insert=True)  # fmt: skip
    here, away, leaves = (woman.pk for woman in kept.women[:3])
    states = {woman.pk: "present" for woman in kept.women}
    first = {**states, away: "absent", leaves: "on_leave"}
    today = {str(woman): "present" for woman in states}
    known = before(kept.book, day("2024-04-08"), number=1, today=us().today)
    assert fines_of(known, {**today, str(away): "absent", str(here): "late"}) == [(here, "late", 5_00)]
    assert noted_of(known, {**today, str(away): "absent"}) == [(away, 10_00)]
    close(kept, meeting(kept, attendance=first))
    close(kept, meeting(kept, 2, "2024-04-15", attendance={**states, away: "absent"}))
    known = before(kept.book, day("2024-04-22"), number=3, today=us().today)
    assert fines_of(known, today) == [(away, "absent", 20_00)]
    expected = savings_of(known, today)
    assert (expected[here, "saving_compulsory"], expected[away, "saving_compulsory"]) == (25_00, 75_00)
    assert (leaves, "saving_compulsory") in expected and expected[leaves, "saving_compulsory"] == 25_00
    assert noted_of(known, {**today, str(away): "absent"}) == [(away, 30_00)]
    # In an extra meeting only what was missed is filled in.
    assert savings_of(known, today, kind="extra") == {(away, "saving_compulsory"): 50_00}
    fine = {"woman": away, "why": "absent", "paise": 20_00}
    with pytest.raises(Refused) as refused:
        close(kept, meeting(kept, 3, "2024-04-22", attendance=first, fines=[fine], counted=20_00))
    assert "by_whom" in codes_of(refused)
    close(kept, meeting(kept, 3, "2024-04-22", attendance=first, fines=[{**fine, "by": "Her son"}], counted=20_00))
    known = before(kept.book, day("2024-04-29"), number=4, today=us().today)
    assert fines_of(known, today) == [(away, "absent", 10_00)], "what somebody brought for her is not asked again"
    close(kept, meeting(kept, 4, "2024-04-29", counted=20_00))
    assert not before(kept.book, day("2024-05-06"), number=5, today=us().today).missed


def test_what_comes_by_bank_or_is_set_off_moves_no_cash(kept) -> None:
    """A fine and a saving of 30 come by UPI; 22 of her loan are set off against what she has saved."""
    close(kept, meeting(kept, savings=saved(kept), lendings=[lend(kept, 1, 100)], counted=150_00))
    loan, her = running_loans(kept.book.pk, day("2024-05-13"))[0].loan, kept.women[1].pk
    set_off = {"loan": loan.uid, "interest": 2_00, "principal": 20_00, "mode": "set_off"}
    said = {
        "savings": [{"woman": her, "head": "saving_optional", "paise": 25_00, "mode": "bank"}],
        "fines": [{"woman": her, "why": "other", "paise": 5_00, "mode": "bank"}], "repayments": [set_off],
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        close(kept, meeting(kept, 2, "2024-05-13", counted=150_00, **said))
    assert codes_of(refused) == ["set_off"]
    taken = [{"woman": her, "head": "saving_optional", "paise": 22_00, "mode": "set_off"}]
    close(kept, meeting(kept, 2, "2024-05-13", counted=150_00, withdrawals=taken, **said))
    held = balances(kept.book.pk, us().today)
    assert (held["cash"], held["bank"], held["loan_to_member"]) == (150_00, 30_00, 80_00)
    assert held["saving_optional"] == -(250_00 + 25_00 - 22_00)
    assert first_difference() is None


def test_a_document_of_before_has_the_digest_that_it_had(kept) -> None:
    """Parts that came later and say nothing new are left out of what the digest is made of."""
    said = meeting(kept, savings=saved(kept), fines=[{"woman": kept.women[0].pk, "why": "late", "paise": 5_00}])
    document = read(said)
    plain = document.model_dump(mode="json")
    for part in ("savings", "fines"):
        for one in plain[part]:
            assert one.pop("mode") == "cash"
    for one in plain["fines"]:
        assert one.pop("by") == ""
    for later in ("left", "difference", "drawn"):
        plain.pop(later, None)
    as_before = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert digest_of(document) == hashlib.sha256(as_before).digest()
