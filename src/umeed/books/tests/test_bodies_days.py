"""A day of a VO or CLF, through the actions: closed, refused with every reason, taken back, corrected."""

from __future__ import annotations

from uuid import uuid5

import pytest

from umeed.books.actions import lock_month
from umeed.books.actions.bodies import take_back, write_off
from umeed.books.actions.days import close_day, take_back_day
from umeed.books.ledger.running import running_loans
from umeed.books.models import Loan, Meeting
from umeed.books.tests.making import day, entry, make_book, post, sheet
from umeed.books.tests.test_bodies import a_day, agree, arrive, close, lend, today, vo
from umeed.books.verifying import verify
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, make_federation, make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["vo"]


def test_a_whole_day_of_a_vo(vo) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    request = new_id()
    said = a_day(
        vo, repayments=[{"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}],
        taken=[
            {"body": vo.one.group.pk, "what": "saving", "paise": 500_00},
            {"body": vo.two.group.pk, "what": "share", "paise": 1_000_00},
            {"body": vo.bookless.pk, "what": "fee", "paise": 50_00},
        ],
        receipts=[{"head": "vrf", "paise": 15_000_00, "mode": "bank"}],
        requests=[{"id": request, "body": vo.two.group.pk, "paise": 30_000_00}],
        decisions=[{"id": new_id(), "request": request, "outcome": "granted", "paise": 25_000_00}],
        lendings=[{
            "loan": new_id(), "body": vo.two.group.pk, "paise": 25_000_00, "request": request, "mode": "bank",
            "rate_bp_a_year": 1200, "method": "balance", "instalments": 10, "first_due": "2024-06-10",
        }],
        returned=[{"body": vo.one.group.pk, "what": "saving", "paise": 200_00}],
        payments=[
            {"head": "travel", "paise": 150_00},
            {"head": "vrf_to_member", "paise": 1_000_00, "woman": vo.one.women[0].pk},
        ],
        deposit=2_000_00, counted=2_600_00,
    )  # fmt: skip
    close(vo, said)
    held = Meeting.objects.get(book=vo.book)
    assert (held.who_came, held.who_belongs) == (3, 3)
    assert today(vo.book) == {
        "cash": 2_600_00, "bank": 52_000_00, "cif": -100_000_00, "vrf": -15_000_00, "loan_to_body": 61_000_00,
        "interest_from_bodies": -400_00, "saving_of_body": -300_00, "share_of_body": -1_000_00, "fee_of_body": -50_00,
        "travel": 150_00, "vrf_to_member": 1_000_00,
    }  # fmt: skip
    assert today(vo.two.book) == {"share_with_vo": 1_000_00, "loan_from_vo": -25_000_00, "on_the_way": 24_000_00}
    # Also for the nightly recount: a woman of a group below may be paid by its VO.
    assert agree() and [one.check for one in verify() if one.found] == []
    assert close(vo, said).is_new is False


def test_a_day_that_cannot_be_is_refused_with_every_reason(vo, other) -> None:
    loan = lend(vo)
    said = a_day(
        vo, on="2031-01-01", attendance={vo.one.group.pk: "present", other.group.pk: "present"},
        repayments=[{"loan": loan.uid, "principal": 40_001_00}, {"loan": new_id(), "principal": 1}],
        taken=[{"body": other.group.pk, "what": "saving", "paise": 1}],
        arrived=[{"body": vo.one.group.pk, "paise": 1}],
        returned=[{"body": vo.one.group.pk, "what": "share", "paise": 1}],
        passed=[{"body": vo.one.group.pk, "head": "vrf", "paise": 1}],
        given=[{"body": other.group.pk, "what": "fee", "paise": 1}],
        payments=[{"head": "vrf_to_member", "paise": 5, "woman": other.women[0].pk}, {"head": "cash", "paise": 5}],
        lendings=[{
            "loan": new_id(), "body": vo.two.group.pk, "paise": 60_001_00, "request": new_id(), "rate_bp_a_year": 1200,
            "method": "flat", "instalments": 3, "first_due": "2024-01-01",
        }],
        counted=None,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        close(vo, said)
    assert set(codes_of(refused)) == {
        "future", "unsaid", "not_below", "more_than_owed", "no_loan", "more_than_sent", "overdrawn", "above_the_fund",
        "no_body", "not_a_member", "other_head", "due_before", "unknown_request", "count", "box",
    }  # fmt: skip
    assert not Meeting.objects.exists()


def test_a_day_is_taken_back_in_every_book(vo) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    before = today(vo.book), today(vo.one.book)
    repaid = {"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}
    lent = {
        "loan": new_id(), "body": vo.two.group.pk, "paise": 10_000_00, "mode": "bank", "rate_bp_a_year": 1200,
        "method": "flat", "instalments": 5, "first_due": "2024-06-10",
    }  # fmt: skip
    closed = close(vo, a_day(vo, repayments=[repaid], lendings=[lent], counted=4_400_00))
    take_back_day(by=us(), day=closed.meeting, id=new_id(), why="Written for another VO")
    assert (today(vo.book), today(vo.one.book)) == before and today(vo.two.book) == {} and agree()
    assert [one.loan.pk for one in running_loans(vo.book.pk, us().today)] == [loan.pk]
    close(vo, a_day(vo, repayments=[repaid], counted=4_400_00))
    assert agree()


def test_a_day_is_corrected_in_one_step_with_the_same_loan(vo) -> None:
    lent = {
        "loan": new_id(), "body": vo.two.group.pk, "paise": 10_000_00, "mode": "bank", "rate_bp_a_year": 1200,
        "method": "balance", "instalments": 5, "first_due": "2024-06-10",
    }  # fmt: skip
    closed = close(vo, a_day(vo, lendings=[lent]))
    close(vo, a_day(vo, lendings=[{**lent, "paise": 12_000_00}]), replaces=closed.meeting, why="Twelve, not ten")
    assert today(vo.two.book) == {"loan_from_vo": -12_000_00, "on_the_way": 12_000_00} and agree()
    assert Loan.objects.count() == 2


def test_a_fund_handed_on_from_clf_to_vo_is_theirs(vo, valley) -> None:
    clf = make_group(valley.chinar, "Wular CLF", kind="clf")
    make_federation(vo.vo, clf)
    book = make_book(clf)
    post(book, sheet(entry("bank", 150_000), entry("vrf", -150_000), on="2024-04-01"))
    passed = {"body": vo.vo.pk, "head": "vrf", "paise": 150_000_00, "mode": "bank"}
    said = {"id": new_id(), "number": 1, "on": "2024-05-10", "attendance": {vo.vo.pk: "present"}, "counted": 0}
    close_day(by=us(), book=book, said={**said, "passed": [passed]})
    assert today(book) == {}
    assert today(vo.book)["vrf"] == -150_000_00 and today(vo.book)["on_the_way"] == 150_000_00
    assert agree()


def test_of_a_day_in_a_closed_month_it_is_said_what_can_be_done(vo) -> None:
    lock_month(by=us(), book=vo.book, month=day("2024-05-31"))
    with pytest.raises(Refused) as told:
        close(vo, a_day(vo))
    assert "Write this one as a day at the office in an open month" in told.value.refusals[0].message(str)


def test_a_loan_written_beside_a_request_that_waits_is_asked_about(vo) -> None:
    """Two asks 30,000 and nothing is decided; one's request is put off today. Whose loan answers it is not asked."""
    ours, theirs = new_id(), new_id()
    terms = {"mode": "bank", "rate_bp_a_year": 1200, "method": "balance", "instalments": 10, "first_due": "2024-06-10"}

    def lent(body, rupees: int, **more) -> dict[str, object]:
        return {"loan": new_id(), "body": body.group.pk, "paise": rupees * 100, **terms, **more}

    def said(*lendings, decided=()) -> dict[str, object]:
        return a_day(
            vo, requests=[
                {"id": ours, "body": vo.two.group.pk, "paise": 30_000_00},
                {"id": theirs, "body": vo.one.group.pk, "paise": 9_000_00},
            ],
            decisions=[
                {"id": new_id(), "request": theirs, "outcome": "deferred", "why": "Later"},
                *({"id": new_id(), "request": ours, "outcome": one, "paise": 30_000_00} for one in decided),
            ],
            lendings=lendings,
        )  # fmt: skip

    def asked(**day) -> list[str]:
        with pytest.raises(Refused) as refused:
            close(vo, day, is_sure=False)
        return [f"{one.field} {one.code}" for one in refused.value.refusals]

    waits = "lendings.0.request request_waits"
    assert asked(**said(lent(vo.two, 30_000))) == [waits]
    assert asked(**said(lent(vo.two, 20_000), lent(vo.one, 1_000), lent(vo.two, 10_000))) == [
        waits, "lendings.2.request request_waits"
    ]  # fmt: skip
    twice = [lent(vo.two, 20_000, request=ours), lent(vo.two, 1_000, request=ours)]
    assert asked(**said(*twice, decided=["granted"])) == ["lendings.1.request twice"]
    close(vo, said(lent(vo.two, 30_000, request=ours), lent(vo.two, 100), decided=["granted"]), is_sure=False)
    assert Loan.objects.get(request=ours).request_id == ours


def test_a_day_taken_back_or_corrected_leaves_nothing_below_nothing_later(vo) -> None:
    """What came in was spent since; more was repaid since than a smaller loan, or a larger repayment, leaves."""
    loan = lend(vo)
    arrive(vo, 40_000)
    paid = {"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}
    got = {"head": "vrf", "paise": 15_000_00, "mode": "bank"}
    said = a_day(vo, receipts=[got], repayments=[paid], counted=4_400_00)
    first = close(vo, said).meeting
    close(
        vo, a_day(vo, 2, "2024-06-10", repayments=[{**paid, "principal": 30_000_00}], counted=34_800_00), is_sure=True
    )
    post(vo.book, sheet(entry("travel", 70_000), entry("bank", -70_000), on="2024-06-20"))

    def refused(**more) -> list[tuple[str, str]]:
        with pytest.raises(Refused) as told:
            close(vo, {**said, "id": new_id(), **more}, replaces=first, why="Otherwise", is_sure=True)
        return [(one.code, one.values["less"]) for one in told.value.refusals]

    assert refused(receipts=[{**got, "paise": 9_999_00}]) == [("bank", "₹1")]
    more = {**paid, "principal": 10_001_00}
    assert refused(repayments=[more], counted=10_401_00) == [("more_than_owed", "₹1")]
    assert [code for code, _less in refused(receipts=[], repayments=[more], counted=10_401_00)] == [
        "bank", "more_than_owed"
    ]  # fmt: skip
    with pytest.raises(Refused) as told:
        take_back_day(by=us(), day=first, id=new_id(), why="Never held")
    assert codes_of(told) == ["bank"]
    close(vo, {**said, "id": new_id(), "receipts": [{**got, "paise": 10_000_00}]}, replaces=first, why="Ten, not more")
    assert agree() and "bank" not in today(vo.book)


def test_what_was_sent_is_not_taken_back_once_part_of_it_was_given_up(vo) -> None:
    loan = lend(vo)
    write_off(by=us(), loan=loan.uid, paise=Paise(100_00), resolution="7", on=us().today, uid=new_id())
    with pytest.raises(Refused) as told:
        take_back(by=us(), book=vo.book, event=uuid5(loan.uid, "lent"), why="Did not arrive")
    assert codes_of(told) == ["more_than_owed"] and agree()
