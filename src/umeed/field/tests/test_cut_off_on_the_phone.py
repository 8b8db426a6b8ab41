"""A cut-off on the phone: what its book knows before one, what comes of the taps, and that the server takes it so."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from umeed.access.models import User
from umeed.books.actions import close_meeting, lock_month
from umeed.books.actions.bodies import link_loans
from umeed.books.cutoffs.documents import CutOffDocument, read
from umeed.books.cutoffs.facts import facts_of
from umeed.books.models import Book, CutOff, Loan
from umeed.books.pages.cutoff.forms import MonthlyRate, Rate
from umeed.books.tests.conftest import valley
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import cut_off, group, post, women_of
from umeed.books.tests.test_cutoff_bodies import both, clf, groups, vo
from umeed.field.actions import give_code
from umeed.field.tests.app_in_chromium import DRAWN, PIN, AppInChromium, keys
from umeed.field.tests.books_compared import differences, told
from umeed.field.tests.cutoffs_at_random import Group, document_at_random
from umeed.field.tests.javascript import JavaScript, plain
from umeed.field.tests.meetings_at_random import Chance
from umeed.institutions.models import Institution, Membership, Woman
from umeed.institutions.tests.making import bookkeeper_of, make_woman, officer_at, us
from umeed.kernel.ids import new_id

__all__ = ["clf", "group", "groups", "valley", "vo"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

SINCE, TODAY = datetime.date(2024, 1, 1), day("2024-06-30")
FACTS = """async (load, parts, asked) => {
    const [{openBook}, {cutOffFacts}] = await Promise.all([load("book/parts.js"), load("book/cutOffFacts.js")]);
    const book = openBook(parts);
    return asked.map(({document, ...more}) => cutOffFacts(book, document, more));
}"""
# {said: what comes of a draft that was made of it, and what is judged of it}.
WRITTEN = """async (load, parts, asked) => {
    const [{openBook}, writing] = await Promise.all([load("book/parts.js"), load("screens/cut_off_writing.js")]);
    const book = openBook(parts);
    return asked.map(({document, today, corrects, why, touch}) => {
        const draft = writing.draftOf(document, {group: book.id, replaces: corrects, why});
        if (touch) for (const one of draft.loans) delete one.said;
        const {document: said, reasons, sides} = writing.judged(draft, writing.knownOf(book, draft, today));
        return {said, sides, reasons: reasons.map(({field, code}) => ({field, code}))};
    });
}"""


def compared(js: JavaScript, group: Institution, documents: list[dict[str, Any]], **more: Any) -> None:
    """The facts before each, as the server and as the phone know them."""
    book = Book.objects.filter(institution=group).first()
    asked = [{"document": _whole(said), "today": TODAY.isoformat(), "corrects": None, "why": "", **plain(more)}
             for said in documents]  # fmt: skip
    answers = js.run(FACTS, told(us(), group.pk, SINCE), asked)
    for said, phone in zip(documents, answers, strict=True):
        document = read(said)
        assert isinstance(document, CutOffDocument)
        facts = plain(facts_of(group, book, document, today=TODAY, **more))
        facts["used"] = sorted(facts["used"])
        assert differences(facts, {**phone, "used": sorted(phone["used"])}) == []


def _whole(said: dict[str, Any]) -> dict[str, Any]:
    document = read(said)
    assert isinstance(document, CutOffDocument)
    return document.model_dump(mode="json")


def days_about(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**said, "on": on} for on in ("2016-01-01", "2018-06-01", "2024-03-31", "2024-04-08", "2024-05-01")]


def meet(group: Institution, number: int, on: str, **said: Any) -> None:
    women = list(Woman.objects.filter(memberships__in=Membership.objects.on(day(on)).filter(institution=group)))
    close_meeting(by=us(), book=Book.objects.get(institution=group), is_sure=True, said={
        "id": new_id(), "number": number, "on": on, "president": women[0].pk,
        "attendance": {woman.pk: "present" for woman in women}, **said,
    })  # fmt: skip


def test_a_phone_knows_what_the_server_knows_before_a_cut_off(js: JavaScript, group: Institution) -> None:
    said = cut_off(group)
    compared(js, group, days_about(said))
    make_woman(group.place, "Nusrat", group=group, joined_on=day("2024-04-20"))
    stands = post(group, said).cut_off
    compared(js, group, days_about(said))
    compared(js, group, days_about({**said, "id": new_id()}), corrects=stands, why="a figure was misread")
    compared(js, group, [said], corrects=new_id(), why="of another one")
    others = {**said, "loans": [{**said["loans"][0], "woman": women_of(group)[1].pk}]}
    compared(js, group, [others], corrects=stands, why="hers")
    meet(
        group, 101, "2024-04-08", counted=1_500_00, repayments=[{"loan": said["loans"][0]["loan"], "principal": 500_00}]
    )
    compared(js, group, days_about(said), corrects=stands, why="again")
    second = post(group, {**said, "id": new_id(), "bank": 19_000_00, "surplus": 1_000_00}, replaces=stands, why="Less")
    compared(js, group, days_about(said), corrects=second.cut_off, why="again")
    compared(js, group, days_about(said), corrects=stands, why="what stands no more")
    lock_month(by=us(), book=Book.objects.get(institution=group), month=day("2024-03-01"))
    compared(js, group, days_about(said))


def test_also_of_a_loan_that_the_vo_has_too(js: JavaScript, vo: Any, groups: Any, clf: Any) -> None:
    ours, theirs = both(vo, groups, clf)
    link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why="Both passbooks seen", takes_terms=True)
    stands = CutOff.objects.get(book__institution=groups[0])
    compared(js, groups[0], [stands.said], corrects=stands.pk, why="again")
    assert Loan.objects.filter(twin__isnull=False, book=stands.book).exists()


def test_what_stands_is_told_while_its_month_is_open(group: Institution) -> None:
    said = cut_off(group)
    post(group, said)
    stands = CutOff.objects.get()
    own = told(us(), group.pk, SINCE)["self"]["cut_off"]
    assert own == {"id": str(stands.pk), "on": said["on"], "last_meeting": said["last_meeting"], "said": stands.said}
    lock_month(by=us(), book=stands.book, month=day("2024-03-01"))
    assert told(us(), group.pk, SINCE)["self"]["cut_off"] == {**own, "said": None}


# What is written ------------------------------------------------------------------------------------------------------


def written(js: JavaScript, group: Institution, documents: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    asked = [{"document": plain(said), "today": TODAY.isoformat(), "corrects": None, "why": "", **plain(more)}
             for said in documents]  # fmt: skip
    return js.run(WRITTEN, told(us(), group.pk, SINCE), asked)  # type: ignore[no-any-return]


def test_a_document_as_it_would_have_been_tapped(js: JavaScript, group: Institution) -> None:
    """What was corrected in nothing says what it said: also with plans and parts for which a card has no field."""
    chance, documents = Chance(7), []
    for _ in range(150):
        said = document_at_random(chance, _in(chance, group))
        said["closed"] = [
            one for one in said.get("closed", ())
            if not one.get("woman" if one["head"].startswith("loan_from") else "body") and one["head"] != "loan_to_body"
            and (one.get("woman") or one["head"] != "loan_to_member")
        ]  # fmt: skip
        documents.append({key: value for key, value in said.items() if key != "kept"})
    for touch in (False, True):
        for said, answer in zip(documents, written(js, group, documents, touch=touch), strict=True):
            was, now = read(said), read(answer["said"])
            assert isinstance(was, CutOffDocument) and isinstance(now, CutOffDocument)
            one, other = (_as_a_set(each, touch) for each in (was, now))
            assert differences(one, other) == [], json.dumps(said)


def _in(chance: Chance, group: Institution) -> Group:
    """A group at random with these women: nobody stands twice in it, and nothing of what a group has not."""
    found = Group(chance)
    found.kind, found.women = "shg", [woman.pk for woman in women_of(group)]
    return found


def _as_a_set(document: CutOffDocument, touch: bool) -> dict[str, Any]:
    """What does not stand twice, in one order: a card says each thing once."""
    said = document.model_dump(mode="json")
    for part, names in (("savings", ("woman", "head")), ("held", ("body", "what"))):
        said[part] = {str([one[name] for name in names]): one["paise"] for one in said[part]}
    said["closed"] = {one["woman"] or one["head"]: [one["count"], one["paise"]] for one in said["closed"]}
    said["attended"] = {who: count for who, count in said["attended"].items() if count}
    said["loans"] = [] if touch else said["loans"]
    said["surplus_why"] = said["surplus_why"].strip()
    del said["kept"]
    return said


def test_while_it_is_written_all_else_is_judged_already(js: JavaScript, group: Institution) -> None:
    """A loan of which only half is said: what is missing, and every other reason, at once."""
    said = cut_off(group, cash=0, loans=[{"loan": new_id(), "woman": women_of(group)[0].pk, "lent": 1_000_00,
                                          "overdue": [{"principal": 2_000_00}]}])  # fmt: skip
    (answer,) = written(js, group, [said], touch=True)
    reasons = {one["field"]: one["code"] for one in answer["reasons"]}
    named = ("lent_on", "outstanding", "overdue.0.on", "rate_bp_a_year")
    assert {f"loans.0.{name}": "missing" for name in named}.items() <= reasons.items()
    # Nothing is made of what is missing: neither a difference nor a rate, nor a day.
    assert set(reasons) - {f"loans.0.{name}" for name in (*named, "method")} == set()
    assert answer["sides"]["hasAll"] == 20_000_00


def test_a_rate_is_read_as_on_the_page(js: JavaScript) -> None:
    several = ("2", "1.5", "24%", " 10.5 ", "0.0001", "8", "8.01", "100", "100.01", "", "x", "1.", ".5", ".", "-1",
               "۲٫۵", "1,000", "0.1667", "2 %")  # fmt: skip
    for unit, form in (("month", MonthlyRate("")), ("year", Rate(""))):
        here = js.calls("screens/rates.js", "rateRead", [[one, unit] for one in several])
        assert dict(zip(several, here, strict=True)) == {one: _rate(form, one) for one in several}, unit


def _rate(form: Any, written: str) -> int | None:
    try:
        found: int | None = form.to_python(written)
    except Exception:
        return None
    return found


# In the app itself ----------------------------------------------------------------------------------------------------


def test_a_cut_off_is_written_without_network_and_corrected(js: JavaScript, group: Institution) -> None:
    """Tap by tap, as a bookkeeper writes it; the app dies in the middle; then it goes up, and is put right."""
    cache.clear()
    bookkeeper_of(group)
    women = women_of(group)
    with AppInChromium(js) as app:
        app.enrol(give_code(by=officer_at(group.place), owner=User.objects.get(username="bookkeeper")))
        app.offline = True
        app.do(lambda page: _begin(page, group))
        app.do(lambda page: [_her(page, woman.name, owes=woman == women[0]) for woman in women])
        app.offline = False
        app.do(_opened_again)
        app.offline = True
        app.do(_ended)
        assert not CutOff.objects.exists()
        app.offline = False
        app.do(lambda page: page.evaluate("dispatchEvent(new Event('online'))"))
        app.until(lambda: CutOff.objects.exists())
        first = CutOff.objects.get()
        document = read(first.said)
        assert isinstance(document, CutOffDocument)
        assert (document.cash, document.bank, document.surplus) == (1_000_00, 20_000_00, 2_000_00)
        (hers,) = document.loans
        assert (hers.woman, hers.outstanding, hers.rest, hers.rate_bp_a_year) == (
            women[0].pk,
            6_000_00,
            5_000_00,
            1_800,
        )
        assert sum(one.paise for one in document.savings) == 10_000_00
        app.do(_corrected)
        app.until(lambda: CutOff.objects.count() == 2)
        second = CutOff.objects.get(version=2)
        assert (second.said["cash"], second.said["surplus"]) == (1_500_00, 2_500_00)
        assert second.said["loans"] == first.said["loans"]
        assert [one for one in app.errors if "ERR_INTERNET_DISCONNECTED" not in one] == []


def _day(days: int) -> str:
    """So many days after the cut-off, which lies three weeks back, as it is typed."""
    return f"{timezone.localdate() - datetime.timedelta(days=21 - days):%d-%m-%Y}"


def _press(page: Any, name: str, at: int = 0) -> None:
    page.get_by_role("button", name=name).nth(at).click()


def _amount(page: Any, name: str, rupees: str) -> None:
    page.get_by_role("button", name=name).first.click()
    keys(page, rupees)


def _next(page: Any) -> None:
    page.get_by_role("button", name="Next", exact=True).click()
    page.evaluate(DRAWN)


def _begin(page: Any, group: Institution) -> None:
    _press(page, group.name)
    _press(page, "Write the cut-off")
    page.get_by_role("heading", name="A group with a past").wait_for()
    _press(page, "Write the cut-off")
    page.get_by_role("heading", name="The day").wait_for()
    _next(page)
    assert "This is missing." in page.inner_text("main"), "the day is asked for before going on"
    page.get_by_label("Day of the cut-off").fill(_day(0))
    page.get_by_label("Meetings held until then").fill("100")
    page.get_by_label("Last meeting").fill(_day(-6))
    _next(page)
    for name, rupees in (("Cash in hand", "1000"), ("Cash at bank", "20000")):
        _amount(page, name, rupees)
    _next(page)
    _amount(page, "Revolving fund received", "15000")
    assert "₹\u00a021,000" in page.inner_text("footer") and "₹\u00a015,000" in page.inner_text("footer")
    _next(page)
    page.get_by_text("the day of the cut-off.").wait_for()
    _next(page)


def _her(page: Any, name: str, *, owes: bool) -> None:
    page.get_by_role("heading", name=name).wait_for()
    _amount(page, f"{name}: Compulsory saving", "2000")
    if owes:
        _press(page, "Write a loan")
        page.get_by_label("Lent on").fill(_day(-295))
        _amount(page, "Lent,", "10000")
        _amount(page, "Principal still owed", "6000")
        _press(page, "Something of it is overdue")
        page.get_by_label("Overdue since").fill(_day(-21))
        _amount(page, "Of it overdue", "1000")
        page.get_by_label("Interest, per cent a month").fill("12")
        _next(page)
        told = page.inner_text("main")
        for words in ("is no rate: write per cent a month", "Say when the next instalment falls due."):
            assert words in told, "beside the fields, all at once"
        page.get_by_label("Interest, per cent a month").fill("1.5")
        page.get_by_label("Instalments left").fill("5")
        page.get_by_label("Next instalment due").fill(_day(10))
    _next(page)


def _opened_again(page: Any) -> None:
    """Nothing of it is lost when the app is closed in the middle; the PIN opens it at the same place."""
    page.get_by_role("heading", name="The group's loans").wait_for()
    page.wait_for_timeout(300)
    page.reload()
    for key in PIN:
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("heading", name="The group's loans").wait_for()
    # It is found from the first screen too, and the last step can still be taken back.
    page.evaluate("import('/static/field/app.js').then(({ app }) => app.home())")
    page.get_by_role("button", name="Go on writing the cut-off").click()
    page.get_by_role("heading", name="The group's loans").wait_for()
    assert page.get_by_role("button", name="Take the last tap back").is_enabled()


def _ended(page: Any) -> None:
    _next(page)
    assert "₹2,000 more is there than is named for it." in page.inner_text("main")
    _amount(page, "Surplus before the books began,", "2000")
    page.evaluate(DRAWN)
    for box in page.get_by_role("checkbox").all():
        box.check()
    _press(page, "Post the cut-off")
    page.get_by_text("Waits to be sent").wait_for()
    # Its group has a book now, whatever the server says later.
    _press(page, "To the group")
    page.locator(".figures").wait_for()
    page.go_back()
    page.get_by_text("Waits to be sent").wait_for()


def _corrected(page: Any) -> None:
    page.wait_for_timeout(500)
    page.reload()
    for key in PIN:
        page.get_by_role("button", name=key, exact=True).click()
    _press(page, "Correct it")
    page.get_by_role("button", name="What is there", exact=True).click()
    _amount(page, "Cash in hand", "1500")
    page.get_by_role("button", name="Check and post").click()
    _amount(page, "Surplus before the books began,", "2500")
    page.get_by_label("Reason").fill("Five hundred lay in a purse")
    page.evaluate(DRAWN)
    for box in page.get_by_role("checkbox").all():
        box.check()
    _press(page, "Post the cut-off")
    page.get_by_role("heading", name="The cut-off of").wait_for()
