"""Two women of one name in one group are told apart wherever her book names them; all others keep their names."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from umeed.books import naming
from umeed.books.meetings.facts import members
from umeed.books.models import Meeting
from umeed.books.naming import women_called
from umeed.books.registers import minutes
from umeed.books.registers.meetings import attendance_and_savings
from umeed.books.registers.passbooks import member_passbook
from umeed.books.registers.slips import Slip, slip, slip_of
from umeed.books.tests.conftest import Kept, keep
from umeed.books.tests.making import day
from umeed.books.tests.writing import keeper_of, lend, text_of
from umeed.institutions.naming import Called, called_among, told_apart
from umeed.institutions.tests.making import make_group, make_member, officer_at, signed_in
from umeed.kernel.periods import Period


def woman(number: int, name: str = "Shaista Akhter", **said: object) -> Called:
    return Called(UUID(int=number), name, **said)  # type: ignore[arg-type]


def told(*women: Called) -> list[str]:
    said = told_apart(women)
    return [said[one.id] for one in women]


def test_a_name_of_its_own_stays_as_it_is() -> None:
    ones = woman(1, belonging="Nisar Ahmad"), woman(2, "Shaista Akhtar", belonging="Nisar Ahmad")
    assert told(*ones) == ["Shaista Akhter", "Shaista Akhtar"]
    assert told(woman(1), woman(2, "شائستہ اختر")) == ["Shaista Akhter", "شائستہ اختر"]


def test_whose_she_is_stands_beside_a_name_that_two_have() -> None:
    assert told(
        woman(1, belonging="Nisar Ahmad", relation="husband"), woman(2, "shaista  AKHTER", belonging="Gh. Nabi"),
        woman(3, belonging="Bashir", relation="father"), woman(4, belonging="Ali", relation="father", gender="male"),
        woman(5, "Zoona", belonging="Nisar Ahmad", relation="husband"), woman(6, belonging="Sara", relation="son"),
    ) == [
        "Shaista Akhter (wife of Nisar Ahmad)", "shaista  AKHTER (Gh. Nabi)", "Shaista Akhter (daughter of Bashir)",
        "Shaista Akhter (son of Ali)", "Zoona", "Shaista Akhter (mother of Sara)",
    ]  # fmt: skip


def test_where_that_is_alike_too_the_year_of_birth_or_a_number_tells_them_apart() -> None:
    hers = {"belonging": "Nisar Ahmad", "relation": "husband"}
    assert told(woman(1, **hers, born=1984), woman(2, **hers, born=1990)) == [
        "Shaista Akhter (wife of Nisar Ahmad, born 1984)", "Shaista Akhter (wife of Nisar Ahmad, born 1990)",
    ]  # fmt: skip
    assert told(woman(2, **hers, born=1984), woman(1, belonging="NISAR  ahmad", relation="husband", born=1984)) == [
        "Shaista Akhter (wife of Nisar Ahmad, born 1984, 2)", "Shaista Akhter (wife of NISAR  ahmad, born 1984, 1)",
    ]  # fmt: skip
    assert told(woman(1), woman(2), woman(3, born=1990)) == [
        "Shaista Akhter (1)", "Shaista Akhter (2)", "Shaista Akhter (born 1990)",
    ]  # fmt: skip
    assert told(woman(1, **hers), woman(2)) == ["Shaista Akhter (wife of Nisar Ahmad)", "Shaista Akhter"]


def test_what_stands_beside_it_is_joined_as_the_reader_s_language_joins() -> None:
    hers = {"belonging": "Nisar Ahmad", "relation": "husband"}
    with override("ur"):
        assert "، " in told(woman(1, **hers, born=1984), woman(2, **hers, born=1990))[0]


def test_a_record_that_was_merged_is_no_other_woman() -> None:
    assert told(woman(1, merged_into=UUID(int=2)), woman(2)) == ["Shaista Akhter"] * 2
    one, two = "Shaista Akhter (wife of Nisar)", "Shaista Akhter (wife of Ali)"
    hers = {"belonging": "Nisar", "relation": "husband"}
    assert told(
        woman(1, merged_into=UUID(int=2)), woman(2, **hers), woman(3, belonging="Ali", relation="husband")
    ) == [one, one, two]  # fmt: skip


def test_a_slip_confirms_the_first_letters_of_her_own_name() -> None:
    one = Slip(UUID(int=1), "Roshni", 1, day("2024-04-08"), "Shaista Akhter (wife of Nisar Ahmad)", (), (), 0, 0)
    assert one.initials == "S. A."


# In a book ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def twins(kept: Kept) -> Kept:
    """The group with a sixth woman, who has the second one's name in small letters and another husband."""
    tie = make_member(kept.group, kept.women[1].name.lower(), belonging_name="Mohd Yousuf", born_on=day("1990-01-05"))
    return Kept(kept.group, kept.book, [*kept.women, tie.woman])


def test_every_place_tells_the_two_apart(twins: Kept) -> None:
    keeper = keeper_of(twins)
    one, two = (f"{twins.women[1].name} (wife of Ghulam Nabi)", f"{twins.women[5].name} (wife of Mohd Yousuf)")
    lend(twins, keeper, counted="100")
    held = Meeting.objects.get()
    keeper.begin(on="2024-05-08", number=2)
    for step in ("attendance", "savings", "repayments", "receipts", "requests", "payments"):
        seen = text_of(keeper.open(step))
        assert one in seen and (two in seen or step == "repayments"), step
        keeper.send(step, **({"president": str(twins.women[5].pk)} if step == "attendance" else {}))
    sheet = held.sheet
    assert sheet is not None
    quarter = Period.quarter_of(held.held_on).code
    for page in (
        keeper.url("meeting_close"), keeper.url("meeting", held.pk), keeper.url("women"),
        keeper.url("meeting_slips", held.pk), keeper.url("register", "passbook"), keeper.url("sheet", sheet.pk),
        f"{keeper.url('register', 'slips')}?meeting={held.pk}",
        f"{keeper.url('register', 'minutes')}?meeting={held.pk}",
        f"{keeper.url('register', 'attendance')}?period={quarter}",
    ):  # fmt: skip
        seen = text_of(keeper.client.get(page))
        assert one in seen and two in seen, page
        # Nowhere the name that both have, by itself.
        bare = seen.replace(one, "").replace(two, "").lower()
        assert twins.women[1].name.lower() not in bare, page
    for page in (keeper.url("loans"), *(keeper.url("register", key) for key in ("dues", "loan-ledger", "loan-queue"))):
        seen = text_of(keeper.client.get(page))
        assert one in seen or "Nobody waits" in seen, page


def test_a_reason_says_which_of_the_two(twins: Kept) -> None:
    keeper = keeper_of(twins)
    keeper.begin()
    keeper.send("attendance", president=str(twins.women[0].pk))
    answer = keeper.send("savings", **{f"s-{twins.women[5].pk}-saving_compulsory": "-7"})
    assert f"{twins.women[5].name} (wife of Mohd Yousuf)" in text_of(answer)


def test_papers_say_which_of_the_two_also_in_urdu_and_aloud(twins: Kept) -> None:
    lend(twins, keeper_of(twins), counted="100")
    held, her = Meeting.objects.get(), twins.women[5]
    two = f"{her.name} (wife of Mohd Yousuf)"
    paper = member_passbook(twins.book, her.pk, day("2024-04-30"))
    assert paper.of == two and str(paper.spoken).startswith(f"{two}.")
    hers = slip(twins.book, held.pk, her.pk)
    assert hers is not None and hers.of == two
    assert slip_of(held, her.pk).initials == " ".join(f"{part[0]}." for part in her.name.split())  # type: ignore[union-attr]
    assert two in str(minutes.minutes(twins.book, held.pk)) and two in str(
        attendance_and_savings(twins.book, Period.quarter_of(day("2024-04-08")))
    )
    with override("ur"):
        assert women_called([her.pk])[her.pk] != two and "Mohd Yousuf" in women_called([her.pk])[her.pk]


def test_she_has_one_name_also_when_the_other_has_left_and_no_question_more_is_asked(twins: Kept) -> None:
    her = twins.women[5].pk
    with CaptureQueriesContext(connection) as asked:
        now = members(twins.book, day("2024-04-08"))
        called = women_called([her])
    assert len(asked) == 2
    assert called == {her: now[her]} and now[her].endswith("(wife of Mohd Yousuf)")
    assert women_called([twins.women[0].pk]) == {twins.women[0].pk: twins.women[0].name}
    other = keep(make_group(twins.group.place, "Gulab", members=5))
    assert members(other.book, day("2024-04-08"))[other.women[1].pk] == other.women[1].name


def test_who_leaves_takes_an_office_or_signs_is_one_of_the_two(twins: Kept) -> None:
    """Ways from the page of what each woman has and owes lead there: whose it is must be clear there too."""
    officer_at(twins.group.place, "block_officer")
    browser, both = signed_in("officer"), {1: "wife of Ghulam Nabi", 5: "wife of Mohd Yousuf"}
    for way in ("member-leaves", "office"):
        page = text_of(browser.get(f"/institutions/{twins.group.pk}/{way}/"))
        for at, whose in both.items():
            assert f"{twins.women[at].name} ({whose}) " in page, (way, page)
    every = called_among(one.pk for one in twins.women)
    assert every == women_called(one.pk for one in twins.women)


def test_no_other_file_of_the_books_reads_her_name() -> None:
    # By her own name: for an order, for a workbook that has whose she is in a column of its own, for a record that was
    # merged into hers elsewhere.
    known = {"workbook.py", "expected.py"}
    reads = re.compile(r"woman__name|\bwoman\.name\b|Woman\.objects[^\n]*\"name\"")
    folder = Path(naming.__file__).parent
    found = {
        one.name for one in folder.rglob("*.py")
        if not {"tests", "migrations"} & set(one.parts) and reads.search(one.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert found == known
