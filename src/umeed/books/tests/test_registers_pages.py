"""Registers as pages: what is asked for, what is logged, what opens; slips and the page that confirms them."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

import pymupdf
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from umeed.books.actions import close_meeting, reverse_sheet, take_back_meeting
from umeed.books.models import Meeting, Sheet
from umeed.books.pages.slips import MOST_A_MINUTE
from umeed.books.registers import slips
from umeed.books.registers.catalogue import BY_KEY
from umeed.books.registers.papering import register_url
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_registers import her_year, lending, meet, nth, saves
from umeed.books.tests.writing import text_of
from umeed.core.models import AuditEntry
from umeed.core.templatetags.umeed_text import moment
from umeed.core.viewer import as_viewer
from umeed.institutions.tests.making import bookkeeper_of, signed_in, us
from umeed.kernel.ids import new_id


@pytest.fixture
def keeper(kept: Kept) -> Client:
    bookkeeper_of(kept.group)
    return signed_in("bookkeeper")


@pytest.fixture
def ask(kept: Kept, keeper: Client) -> Callable[..., Any]:
    def asked(key: str, **said: Any) -> Any:
        return keeper.get(reverse("books:register", args=[kept.group.pk, key]), said)

    return asked


def test_the_index_leads_to_every_register(kept: Kept, keeper: Client) -> None:
    text = keeper.get(reverse("books:registers", args=[kept.group.pk])).content.decode()
    for key in BY_KEY:
        assert reverse("books:register", args=[kept.group.pk, key]) in text


def test_every_register_opens_for_its_bookkeeper(kept: Kept, ask: Callable[..., Any]) -> None:
    """Under her own scope and the second door, on screen and as a file."""
    her_year(kept)
    woman, meeting = kept.women[1].pk, Meeting.objects.order_by("number").first().pk  # type: ignore[union-attr]
    for key in BY_KEY:
        asked = {"woman": woman} if BY_KEY[key].which == "woman" else {}
        if BY_KEY[key].when == "meeting":
            asked["meeting"] = meeting
        elif BY_KEY[key].when == "period" and key not in ("attendance", "monthly-report", "passbook"):
            asked["period"] = "FY2024-25"
        answer = ask(key, **asked)
        assert answer.status_code == 200 and answer.context["paper"].tables, key
        book = load_workbook(io.BytesIO(ask(key, **asked, **{"as": "xlsx"}).content))
        assert len(book.sheetnames) >= 2, key


def test_a_passbook_that_was_looked_at_stands_in_the_chain(kept: Kept, ask: Callable[..., Any]) -> None:
    ask("passbook")
    assert AuditEntry.objects.latest("seq").did != "look_at_passbook"
    assert ask("passbook", woman=kept.women[1].pk).context["paper"].of == "Nusrat Ara"
    entry = AuditEntry.objects.latest("seq")
    assert (entry.did, entry.subject_id) == ("look_at_passbook", str(kept.women[1].pk))
    ask("passbook", woman=kept.women[1].pk, **{"as": "pdf"})
    entry = AuditEntry.objects.latest("seq")
    assert (entry.did, entry.subject_id) == ("take_paper", str(kept.women[1].pk))


def test_without_a_woman_all_are_offered(kept: Kept, ask: Callable[..., Any]) -> None:
    answer = ask("passbook")
    assert [one["title"] for one in answer.context["links"]] == [woman.name for woman in kept.women]


@pytest.mark.parametrize("said", [
    {"period": "1999-13"}, {"head": "gold"}, {"period": "FY2090-91"},
])  # fmt: skip
def test_what_cannot_be_read_is_told(ask: Callable[..., Any], said: dict[str, str]) -> None:
    answer = ask("general-ledger", **said)
    assert answer.status_code == 422 and "paper" not in answer.context


@pytest.mark.parametrize("key", ["trial-balance", "balance-sheet"])
def test_what_was_known_at_an_hour(kept: Kept, ask: Callable[..., Any], key: str) -> None:
    """What was posted and corrected within a day is told apart; what has not come yet nobody knew."""
    meet(kept, 1, nth(0), savings=saves(kept))
    posted = timezone.localtime(Sheet.objects.get().recorded_at)
    before = posted - datetime.timedelta(minutes=1)
    then = ask(key, known=f"{before:%d-%m-%Y %H:%M}").context["paper"]
    assert "Cash" not in str(then.tables) and then.notes == [f"As the book knew it on {moment(before)}"]
    for said in (f"{posted:%Y-%m-%dT%H:%M}", f"{posted:%d-%m-%Y, %H:%M}", f"{posted:%d-%m-%Y}"):
        answer = ask(key, known=said)
        assert "Cash" in str(answer.context["paper"].tables), said
        assert "As the book knew it on" in text_of(answer)
    assert "Cash" not in str(ask(key, known=f"{before - datetime.timedelta(days=1):%d-%m-%Y}").context["paper"].tables)


def test_a_day_that_has_not_come_is_no_day_of_a_register(kept: Kept, ask: Callable[..., Any]) -> None:
    answer = ask("trial-balance", as_of="31-12-2090")
    assert answer.status_code == 422 and "31 Dec 2090 has not come yet." in text_of(answer)
    assert 'value="31-12-2090"' in answer.content.decode(), "what was typed stays"
    assert ask("trial-balance", as_of=f"{us().today:%d-%m-%Y}").status_code == 200


@pytest.mark.parametrize(("said", "why"), [
    ("1-1-2090", "1 Jan 2090 has not come yet."), ("1-1-2090 04:25", "1 Jan 2090, 04:25 has not come yet."),
    ("yesterday at noon", ""), ("23-11-2024 24:61", "is no day and time"), ("23-11-2024 2:13 AM", "is no day and time"),
])  # fmt: skip
def test_what_nobody_can_have_known_is_refused(ask: Callable[..., Any], said: str, why: str) -> None:
    answer = ask("trial-balance", known=said)
    assert answer.status_code == 422 and why in text_of(answer)
    assert f'value="{said}"' in answer.content.decode(), "what was typed stays"


def test_a_woman_of_another_group_is_no_choice(ask: Callable[..., Any], other: Kept) -> None:
    assert ask("passbook", woman=other.women[0].pk).status_code == 422
    assert ask("minutes", meeting=new_id()).status_code == 422
    assert ask("loan-ledger", loan="7").status_code == 422


def test_another_book_is_not_there(keeper: Client, other: Kept) -> None:
    for key in BY_KEY:
        assert keeper.get(reverse("books:register", args=[other.group.pk, key])).status_code == 404
    assert keeper.get(reverse("books:register", args=[other.group.pk, "gold-book"])).status_code == 404


def test_every_line_opens_its_sheet(kept: Kept, ask: Callable[..., Any], keeper: Client) -> None:
    her_year(kept)
    text = ask("cash-book", period="2024-04").content.decode()
    sheet = Sheet.objects.order_by("on_date").first()
    assert sheet is not None
    address = reverse("books:sheet", args=[kept.group.pk, sheet.pk])
    assert address in text
    page = keeper.get(address)
    assert page.status_code == 200 and "Nusrat Ara" in page.content.decode()


def test_a_sheet_that_was_taken_back_leads_to_what_did_it(kept: Kept, keeper: Client) -> None:
    meet(kept, 1, nth(0), savings=saves(kept))
    first = Sheet.objects.get()
    reverse_sheet(by=us(), sheet=first, uid=new_id(), why="Counted twice")
    second = Sheet.objects.get(reverses=first)
    one, other = (reverse("books:sheet", args=[kept.group.pk, pk]) for pk in (first.pk, second.pk))
    assert other in keeper.get(one).content.decode()
    text = keeper.get(other).content.decode()
    assert one in text and "Counted twice" in text
    assert keeper.get(reverse("books:sheet", args=[kept.group.pk, "9" * 30])).status_code == 404


# Slips ----------------------------------------------------------------------------------------------------------------


def confirm(token: str) -> Any:
    with as_viewer(""):
        return Client().get(reverse("books:confirm", args=[token]))


@pytest.fixture
def slip(kept: Kept) -> tuple[Any, str]:
    lent = lending(kept, 1, 100, first_due="2024-06-08")
    pk = meet(kept, 1, nth(0), savings=saves(kept, 60), lendings=[lent])
    return pk, slips.token_of(Meeting.objects.get(pk=pk), kept.women[1].pk)


def test_a_slip_of_a_meeting_that_was_corrected_says_so_and_leads_to_what_holds(
    kept: Kept, ask: Callable[..., Any], slip: Any
) -> None:
    her = kept.women[1].pk
    held = Meeting.objects.get(pk=slip[0])
    now = close_meeting(
        by=us(), book=kept.book, said={**held.said, "id": new_id(), "agenda": [{"topic": "Wool", "decided": "Buy"}]},
        is_sure=True, replaces=held.pk, why="Said later",
    ).meeting  # fmt: skip
    answer = ask("slips", meeting=held.pk, woman=her)
    assert "This slip does not hold" in text_of(answer) and "Ask for a new slip" in text_of(answer)
    assert answer.context["links"] == [
        {"title": "What holds now", "url": register_url(kept.book, "slips", meeting=now, woman=her)}
    ]  # fmt: skip
    assert answer.context["paper"].spoken.startswith("This slip does not hold.")
    pdf = b"".join(ask("slips", meeting=held.pk, woman=her, **{"as": "pdf"}))
    assert "does not hold" in pymupdf.open(stream=pdf)[0].get_text()
    holds = ask("slips", meeting=now, woman=her)
    assert "does not hold" not in text_of(holds) and not holds.context["links"]
    take_back_meeting(by=us(), meeting=now, id=new_id(), why="Another group's")
    gone = ask("slips", meeting=held.pk, woman=her)
    assert gone.context["links"][0]["url"] == reverse("books:meeting", args=[kept.group.pk, held.pk])


def test_whose_amounts_a_correction_left_as_they_were_sees_them_once(kept: Kept, ask: Callable[..., Any]) -> None:
    """The wrong saving of one woman was put right: her passbook tells all of it, that of the others the meeting."""
    old = Meeting.objects.get(pk=meet(kept, 1, nth(0), savings=saves(kept)))
    right = [{**one, "paise": 60_00} if at == 1 else one for at, one in enumerate(saves(kept))]
    close_meeting(
        by=us(), book=kept.book, said={**old.said, "id": new_id(), "savings": right, "counted": 260_00}, is_sure=True,
        replaces=old.pk, why="She gave sixty",
    )  # fmt: skip
    hers, another = (ask("passbook", woman=kept.women[at].pk).context["paper"].tables[0] for at in (1, 2))
    told = [row.cells[1] for row in hers.rows if row.kind == "normal"]
    assert len(told) == 3 and "Taken back: Meeting 1 · She gave sixty" in told
    once = [row.cells for row in another.rows if row.kind == "normal"]
    assert [cells[1] for cells in once] == ["Meeting 1 · the meeting was corrected, hers stayed the same"]
    assert once[0][-1] == 50_00 and "She gave sixty" not in str(another)


def test_a_slip_says_what_she_paid_and_has(kept: Kept, ask: Callable[..., Any], slip: Any) -> None:
    paper = ask("slips", meeting=slip[0], woman=kept.women[1].pk).context["paper"]
    assert [tuple(row.cells) for row in paper.tables[0].rows] == [
        ("Optional saving", 60_00, None), ("Loan taken", None, 100_00), ("Total", 60_00, 100_00),
    ]  # fmt: skip
    assert paper.confirm_url == f"http://testserver/slip/{slip[1]}"
    assert paper.spoken.startswith("Nusrat Ara. Paid today: 60 rupees.")


def test_whoever_holds_a_slip_may_have_it_confirmed(kept: Kept, slip: Any) -> None:
    answer = confirm(slip[1])
    text = answer.content.decode()
    assert answer.status_code == 200 and "N. A." in text and "Nusrat" not in text
    assert "₹\u00a060.00" in text and "₹\u00a0100.00" in text and "genuine" in text
    assert str(kept.women[1].pk) not in text


def test_what_is_confirmed_stays_what_was_printed(kept: Kept, slip: Any) -> None:
    before = slips.confirmed(slip[1])
    meet(kept, 2, nth(1), savings=saves(kept, 70))
    assert slips.confirmed(slip[1]) == before


def test_a_meeting_that_was_taken_back_is_told(kept: Kept, slip: Any) -> None:
    take_back_meeting(by=us(), meeting=slip[0], id=new_id(), why="Of another group")
    text = confirm(slip[1]).content.decode()
    assert "does not hold" in text and "Of another group" not in text, "a reason may name others"


def test_a_slip_says_her_own_place_in_the_loan_queue_and_nobody_elses(kept: Kept, slip: Any) -> None:
    assert "Loan queue" not in confirm(slip[1]).content.decode()
    asked = [new_id(), new_id()]
    meet(kept, 2, "2024-09-08", requests=[
        {"id": one, "woman": kept.women[at].pk, "paise": 500_00, "purpose": "health"} for at, one in enumerate(asked)
    ], decisions=[{
        "id": new_id(), "request": asked[1], "outcome": "deferred", "why": "Little money", "promised_on": "2024-12-01",
    }])  # fmt: skip
    text = confirm(slip[1]).content.decode()
    assert "Place 2, asked on 8 Sep" in text and "promised for 1 Dec 2024" in text
    assert kept.women[0].name not in text


def other_than(letter: str) -> str:
    """Of the letters of a token, which are the same small or large."""
    return "b" if letter in "aA" else "a"


@pytest.mark.parametrize("wrong", [
    lambda token: token[:-1] + other_than(token[-1]), lambda token: other_than(token[0]) + token[1:],
    lambda token: token.rpartition("-")[0], lambda token: "ü.x", lambda token: "." * 40, lambda token: token * 9,
])  # fmt: skip
def test_a_token_that_was_changed_confirms_nothing(slip: Any, wrong: Callable[[str], str]) -> None:
    answer = confirm(wrong(slip[1]))
    assert answer.status_code == 410 and "not ours" in answer.content.decode()


def test_a_signed_token_of_what_is_not_there_confirms_nothing(kept: Kept, slip: Any, other: Kept) -> None:
    for meeting, woman in ((new_id(), kept.women[0].pk), (slip[0], other.women[0].pk), (slip[0], new_id())):
        assert confirm(slips.long_token_of(meeting, woman)).status_code == 410


def test_a_slip_that_was_printed_with_a_long_token_still_holds(kept: Kept, slip: Any) -> None:
    old = slips.long_token_of(slip[0], kept.women[1].pk)
    assert confirm(old).status_code == 200 and slips.confirmed(old) == slips.confirmed(slip[1])
    for wrong in (old[:-1] + ("A" if old[-1] != "A" else "B"), old.split(".")[0]):
        assert confirm(wrong).status_code == 410


def test_a_short_token_can_be_typed_by_hand_and_each_woman_has_her_own(kept: Kept, slip: Any) -> None:
    held = Meeting.objects.get(pk=slip[0])
    tokens = [slips.token_of(held, woman.pk) for woman in kept.women]
    assert len({*tokens}) == 5 and all(len(token) == 27 for token in tokens)
    for typed in (slip[1].upper(), slip[1].replace("-", ""), slip[1].replace("-", " ")):
        assert slips.confirmed(typed) == slips.confirmed(slip[1])
    # One letter of the seal after another, and of what it seals: none confirms.
    plain = slip[1].replace("-", "")
    for at in range(24):
        assert slips.confirmed(plain[:at] + ("a" if plain[at] != "a" else "b") + plain[at + 1 :]) is None


def test_all_slips_of_a_meeting_stand_on_one_page_and_in_one_print(
    kept: Kept, keeper: Client, slip: Any, django_assert_max_num_queries: Any
) -> None:
    url = reverse("books:meeting_slips", args=[kept.group.pk, slip[0]])
    page = keeper.get(url)
    text = page.content.decode()
    assert page.status_code == 200 and text.count('class="qr-code"') == 5
    assert all(woman.name in text for woman in kept.women) and slip[1] in text
    held = Meeting.objects.get(pk=slip[0])
    single = [slips.slip_of(held, woman.pk) for woman in kept.women]
    with django_assert_max_num_queries(6):
        assert slips.slips_of(held) == single
    printed = keeper.get(url, {"as": "pdf"})
    assert printed["Content-Type"] == "application/pdf" and printed.content[:5] == b"%PDF-"
    with pymupdf.open(stream=printed.content, filetype="pdf") as document:
        words = "".join(sheet.get_text() for sheet in document).replace("\n", "")
        assert len(document) <= 2 and all(woman.name in words for woman in kept.women) and slip[1] in words
    assert AuditEntry.objects.filter(did="take_paper").exists()
    assert keeper.get(url, {"as": "exe"}).status_code == 404
    assert url in keeper.get(reverse("books:meeting", args=[kept.group.pk, slip[0]])).content.decode()


def test_too_many_looks_from_one_place_wait(slip: Any) -> None:
    cache.set("slip:127.0.0.1", MOST_A_MINUTE, 60)
    assert confirm(slip[1]).status_code == 429
    cache.delete("slip:127.0.0.1")


def test_a_meeting_that_was_loaded_knows_what_came_with_it(kept: Kept, slip: Any) -> None:
    held = Meeting.objects.select_related("sheet", "book__institution").get(pk=slip[0])
    before = slips.slip_of(held, kept.women[1].pk)
    held.closed_at = held.closed_at.replace(year=2020)
    assert before is not None and before.saved == 60_00 and slips.slip_of(held, kept.women[1].pk) == before
