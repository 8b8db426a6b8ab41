"""Cash that is paid out for somebody who is not there: who took it is asked, kept and printed."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions import close_meeting
from umeed.books.actions.days import close_day
from umeed.books.bodies import documents as days
from umeed.books.meetings.documents import MeetingDocument, digest_of, digest_of_all, read
from umeed.books.models import Meeting, OpenMeeting
from umeed.books.pages.days import telling
from umeed.books.pages.telling import names_for, sections
from umeed.books.registers import minutes
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, vo
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.books.tests.test_minutes import table_of
from umeed.books.tests.test_registers import lines
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["vo"]


def away(kept: Kept, at: int, state: str = "on_leave") -> dict[Any, str]:
    return {woman.pk: "present" for woman in kept.women} | {kept.women[at].pk: state}


def refused(*, of: Any, said: dict[str, Any]) -> list[tuple[str | None, str]]:
    with pytest.raises(Refused) as told:
        of(by=us(), said=said, is_sure=True)
    return [(one.field, one.code) for one in told.value.refusals if one.code != "count"]


def paid_out(kept: Kept, mode: str = "cash", **more: Any) -> dict[str, Any]:
    """A loan, saving given back and a fee, all to the second woman, who is on leave."""
    her = kept.women[1].pk
    how = {"mode": mode, **more}
    return meeting(
        kept, 2, "2024-04-15", attendance=away(kept, 1), lendings=[{**lend(kept, 1, 100), **how}],
        withdrawals=[{"woman": her, "head": "saving_optional", "paise": 20_00, **how}],
        payments=[{"woman": her, "head": "fee_to_member", "paise": 10_00, **how}], counted=120_00,
    )  # fmt: skip


@pytest.fixture
def begun(kept: Kept) -> Kept:
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    return kept


def test_who_took_cash_for_an_absent_woman_is_asked(begun: Kept) -> None:
    def close(**said: Any) -> Any:
        return close_meeting(book=begun.book, **said)

    asked = {("withdrawals.0.by", "who_took"), ("lendings.0.by", "who_took"), ("payments.0.by", "who_took")}
    assert set(refused(of=close, said=paid_out(begun))) == asked
    pk = close_meeting(by=us(), book=begun.book, said=paid_out(begun, by="Her son"), is_sure=True).meeting
    told = minutes.minutes(begun.book, pk)
    assert told is not None
    her = begun.women[1].name
    assert lines(table_of(told, "By another's hand")) == [
        (her, "Optional saving: given back", None, 20_00, "Her son"),
        (her, "Resource fee to a member", None, 10_00, "Her son"),
        (her, "Loans to members", None, 100_00, "Her son"),
    ]  # fmt: skip
    held = Meeting.objects.get(pk=pk)
    document = read(held.said)
    assert isinstance(document, MeetingDocument)
    read_out = [line for one in sections(document, names_for(begun.book, document)) for line in one.lines]
    assert [paise for _name, note, paise in read_out if "taken along by Her son" in note] == [20_00, 100_00, 10_00]


def test_what_goes_to_her_own_account_or_is_set_off_needs_nobody(begun: Kept) -> None:
    post(begun.book, sheet(entry("bank", 500), entry("other_receipt", -500), on="2024-04-09"))
    said = {**paid_out(begun, mode="bank"), "counted": 250_00}
    her = {"woman": begun.women[1].pk, "head": "saving_optional", "paise": 20_00, "mode": "set_off"}
    said |= {"withdrawals": [her], "savings": [{**her, "by": "Her son"}]}
    pk = close_meeting(by=us(), book=begun.book, said=said, is_sure=True).meeting
    told = minutes.minutes(begun.book, pk)
    assert told is not None
    assert lines(table_of(told, "By another's hand")) == [
        (begun.women[1].name, "Optional saving", 20_00, None, "Her son")
    ]  # fmt: skip


def test_documents_of_before_have_the_digest_that_they_had(begun: Kept) -> None:
    """Nobody took it: as if the field were not there."""
    document = read(paid_out(begun))
    assert isinstance(document, MeetingDocument)
    as_before = document.model_dump(mode="json")
    assert [as_before[part][0].pop("by") for part in ("withdrawals", "lendings", "payments")] == [""] * 3
    took = read({**paid_out(begun, by="Her son"), "id": document.id})
    assert digest_of_all(as_before) == digest_of(document)
    assert isinstance(took, MeetingDocument) and digest_of(took) != digest_of(document)


@pytest.fixture
def second(keeper: Keeper, kept: Kept) -> Keeper:
    """A first meeting was held under the group's rules; a second is to be written."""
    savings = [{**one, "head": "saving_compulsory"} for one in saved(kept)]
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=savings, counted=250_00))
    return keeper


def test_the_pages_ask_only_for_who_is_away(second: Keeper) -> None:
    keeper, begun = second, second.kept
    here, her = begun.women[0].pk, begun.women[1].pk
    keeper.begin("2024-04-15", 2)
    keeper.send("attendance", **{"president": str(here), f"a-{her}": "on_leave"})
    fields = keeper.fields("savings")
    assert f"took-{her}" in fields and f"took-{here}" not in fields
    field = {f"w-{her}-saving_compulsory": "20"}
    keeper.send("savings", **field)
    keeper.send("payments", **{"p-rows": "1", "p-0-head": "fee_to_member", "p-0-paise": "10", "p-0-woman": str(her)})
    told = text_of(keeper.open("close"))
    assert told.count("was not there. Say who took it.") == 2
    keeper.send("savings", **field, **{f"took-{her}": "Her son"})
    keeper.send("payments", **{"p-0-by": "Her son"})
    said = OpenMeeting.objects.get().said
    assert said["withdrawals"][0]["by"] == said["payments"][0]["by"] == "Her son"
    assert keeper.fields("savings")[f"took-{her}"] == keeper.fields("payments")["p-0-by"] == "Her son"
    told = text_of(keeper.open("close"))
    assert "Say who took it." not in told and told.count("taken along by Her son") == 2
    # She came after all: what is said of another's hand goes when the step is kept again.
    keeper.send("attendance", **{f"a-{her}": "late"})
    assert f"took-{her}" not in keeper.fields("savings")
    keeper.send("savings")
    assert "by" not in OpenMeeting.objects.get().said["withdrawals"][0]


def test_a_loan_is_taken_along_by_somebody(second: Keeper) -> None:
    keeper, begun = second, second.kept
    her = begun.women[1].pk
    keeper.begin("2024-04-15", 2)
    keeper.send("attendance", **{"president": str(begun.women[0].pk), f"a-{her}": "absent"})
    request = new_id()
    row = OpenMeeting.objects.get()
    row.said |= {
        "requests": [{"id": str(request), "woman": str(her), "paise": 100_00, "purpose": "cattle"}],
        "decisions": [{"id": str(new_id()), "request": str(request), "outcome": "granted"}],
    }  # fmt: skip
    with audited(by=us(), did="write_meeting"):
        row.save()
    keeper.send("lendings")
    assert "was not there. Say who took it." in text_of(keeper.open("close"))
    keeper.send("lendings", **{f"l-{request}-by": "Her son"})
    assert OpenMeeting.objects.get().said["lendings"][0]["by"] == "Her son"
    assert "Say who took it." not in text_of(keeper.open("close"))
    keeper.send("lendings", **{f"l-{request}-mode": "bank"})
    assert "by" not in OpenMeeting.objects.get().said["lendings"][0], "her own account needs nobody"


def gives(vo: Vo, attendance: dict[Any, str], **how: Any) -> dict[str, Any]:
    """Cash out of the box to a group that keeps no book here."""
    handed = {"body": vo.bookless.pk, "head": "cif", "paise": 200_00, **how}
    return a_day(vo, attendance=attendance, withdrawal=900_00, passed=[handed], counted=700_00)


def test_cash_for_a_group_of_which_nobody_came(vo: Vo) -> None:
    everybody = {body.pk: "present" for body in (vo.one.group, vo.two.group, vo.bookless)}
    nobody = everybody | {vo.bookless.pk: "absent"}

    def close(**said: Any) -> Any:
        return close_day(book=vo.book, **said)

    assert refused(of=close, said=gives(vo, nobody)) == [("passed.0.by", "who_took")]
    pk = close_day(by=us(), book=vo.book, said=gives(vo, nobody, by="The bookkeeper"), is_sure=True).meeting
    told = minutes.minutes(vo.book, pk)
    assert told is not None
    day = days.read(Meeting.objects.get(pk=pk).said)
    assert "taken along by The bookkeeper" in str(telling.sections(day, telling.names_for(vo.book, day)))
    assert lines(table_of(told, "By another's hand")) == [
        (vo.bookless.name, "Community investment fund", None, 200_00, "The bookkeeper")
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["regular", "extra"])
def test_who_came_or_needed_not_to_come_takes_it_herself(vo: Vo, kind: str) -> None:
    everybody = {body.pk: "present" for body in (vo.one.group, vo.two.group, vo.bookless)}
    said = {**gives(vo, everybody if kind == "regular" else {}), "kind": kind}
    assert close_day(by=us(), book=vo.book, said=said, is_sure=True).is_new
    assert Meeting.objects.get().said["passed"][0].get("by") is None


def test_a_day_of_before_has_the_digest_that_it_had(vo: Vo) -> None:
    document = days.read(gives(vo, {}))
    assert isinstance(document, days.BodyDay)
    as_before = document.model_dump(mode="json")
    assert as_before["passed"][0].pop("by") == "" and digest_of_all(as_before) == digest_of(document)
    took = days.read({**gives(vo, {}, by="The bookkeeper"), "id": document.id})
    assert isinstance(took, days.BodyDay) and digest_of(took) != digest_of(document)
