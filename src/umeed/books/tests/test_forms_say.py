"""Every form says of each field whether it is needed: none that is told as optional is refused for being empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.utils.html import strip_tags

import umeed.books.urls  # noqa: F401  (all pages of the room, with their forms)
from umeed.books.heads import BY_KEY
from umeed.books.models import Agreement, Bylaw, CreditLimit, Grading, Line, Loan, Meeting
from umeed.books.pages.resolved import LoanForm
from umeed.books.pages.sharing import ShareForm
from umeed.books.pages.writing.steps import STEPS
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_interest_let_go import lent_flat
from umeed.books.tests.test_taken import TERMS, take
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.core.forms import Acting
from umeed.institutions.tests.making import officer_at, signed_in
from umeed.kernel.money import Paise

# Of each page with a form of fields: its address, what must be said, and what then stands there.
FORMS: dict[str, tuple[str, dict[str, str], Callable[[], bool]]] = {
    "AnewForm": ("loan_anew", {"since": "1-6-2024", "first_due": "1-7-2024", "resolution": "14 of 1 June"},
                 Agreement.objects.filter(since="2024-06-01").exists),
    "LetGoForm": ("loan_let_go", {"since": "1-6-2024", "resolution": "15 of 1 June"},
                  Agreement.objects.filter(since="2024-06-01", principal_paise=0).exists),
    "OffForm": ("loan_off", {"resolution": "16 of 1 June", "approved": "Umeed VO, 2 June"},
                lambda: Line.objects.filter(head=BY_KEY["written_off"].number).exists()),
    "TakenForm": ("loan_new", {"on": "10-4-2024", "paise": "5000", "lender": "J&K Bank, Sogam",
                               "first_due": "10-5-2024"}, Loan.objects.filter(way="taken").exists),
    "LimitForm": ("loan_limit", {"since": "1-6-2024"}, CreditLimit.objects.exists),
    "BylawForm": ("bylaws_new", {"since": "1-6-2024"}, Bylaw.objects.filter(since="2024-06-01").exists),
    "GradeForm": ("health", {"on": "1-6-2024", "grade": "A", "graded_by": "Umeed VO"}, Grading.objects.exists),
}  # fmt: skip

# What makes a field needless that another one makes needful.
ENDS = {"LimitForm": {"kind": "end"}}


def labels(page: str) -> dict[str, str]:
    """{name of a field: its label} as they are shown."""
    found = re.findall(r'(?s)<label[^>]* for="([^"]+)"[^>]*>(.*?)</label>', page)
    told = {for_: strip_tags(words) for for_, words in found}
    names = dict(re.findall(r'name="([^"]+)"[^>]*? id="([^"]+)"', page))
    return {name: " ".join(told[id].split()) for name, id in names.items() if id in told}


def told_optional(page: str) -> set[str]:
    return {name for name, words in labels(page).items() if words.endswith("(optional)")}


def by_whom(form: str, kept: Kept, keeper: Keeper) -> Client:
    """Grades are given by those above."""
    if form != "GradeForm":
        return keeper.client
    officer_at(kept.group.place, username="block")
    return signed_in("block")


def address(form: str, kept: Kept, keeper: Keeper) -> str:
    """Of its page, about the loan that it asks about: of a cash credit one of which nothing is drawn, of interest to
    come one whose principal is repaid."""
    name = FORMS[form][0]
    if form == "LetGoForm":
        return keeper.url(name, lent_flat(kept, keeper, repaid_on="2024-05-10").uid)
    loan = lend(kept, keeper)
    if form == "LimitForm":
        credit = replace(TERMS, is_cash_credit=True, limit=Paise(1_00_000_00), paise=Paise(0))
        return keeper.url(name, take(kept, credit).uid)
    return keeper.url(name, *([loan.uid] if name in ("loan_anew", "loan_off") else []))


def all_forms(of: type = Acting) -> set[type]:
    found = {one for one in of.__subclasses__() if one.__module__.startswith("umeed.books.")}
    return found.union(*(all_forms(one) for one in of.__subclasses__()))


def test_no_form_of_the_room_is_forgotten_here() -> None:
    assert {one.__name__ for one in all_forms() - {LoanForm}} == set(FORMS)
    assert all(field.required for field in ShareForm.base_fields.values())


@pytest.mark.parametrize("form", FORMS)
def test_what_is_told_as_optional_may_be_left_out(form: str, kept: Kept, keeper: Keeper) -> None:
    _name, said, stands = FORMS[form]
    url = address(form, kept, keeper)
    client = by_whom(form, kept, keeper)
    page = client.get(url)
    optional = told_optional(page.content.decode())
    sent = {
        key: value for key, value in {**fields_of(page), **said, **ENDS.get(form, {})}.items() if key not in optional
    }
    answer = client.post(url, sent)
    assert answer.status_code == 302 and stands(), text_of(answer)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_told_as_optional_is_asked_for(form: str, kept: Kept, keeper: Keeper) -> None:
    _name, said, _stands = FORMS[form]
    url = address(form, kept, keeper)
    client = by_whom(form, kept, keeper)
    page = client.get(url)
    assert not set(said) & told_optional(page.content.decode())
    for left_out in said:
        sent = {**fields_of(page), **said, left_out: ""}
        answer = client.post(url, sent)
        assert answer.status_code == 422 and f'id="id_{left_out}' in answer.content.decode(), left_out


def test_what_a_meeting_tells_as_optional_may_be_left_out(kept: Kept, keeper: Keeper) -> None:
    keeper.begin()
    sent = {"president": str(kept.women[0].pk), "q-0-woman": str(kept.women[1].pk), "q-0-paise": "200",
            "q-0-purpose": "cattle", "counted": "250"}  # fmt: skip
    for step in STEPS:
        page = keeper.open(step.key).content.decode()
        optional = told_optional(page)
        assert not optional & set(sent)
        answer = keeper.send(step.key, **{name: text for name, text in sent.items() if f'name="{name}"' in page}
                             | dict.fromkeys(optional))  # fmt: skip
        assert answer.status_code == 302, (step.key, text_of(answer))
    assert keeper.close().status_code == 302 and Meeting.objects.exists()


def test_what_another_field_makes_needful_says_so(kept: Kept, keeper: Keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk), **{f"a-{kept.women[1].pk}": "absent"})
    keeper.send("requests", **{"q-0-woman": str(kept.women[1].pk), "q-0-paise": "200", "q-0-purpose": "cattle"})
    away = kept.women[1].pk
    for step, name, said, words in (
        ("savings", f"by-{away}", {f"s-{away}-saving_compulsory": "50"}, "needed when she sent something"),
        ("count", "difference_why", {"counted": "1"}, "needed when it is"),
    ):
        assert words in labels(keeper.open(step).content.decode())[name]
        answer = keeper.send(step, **said, **{name: ""})
        assert answer.status_code == 422 and f'id="id_{name}_error' in answer.content.decode(), (step, text_of(answer))
    asked = next(name for name in keeper.fields("requests") if name.startswith("d-") and name.endswith("-outcome"))
    why = asked.removesuffix("outcome") + "why"
    assert "needed when it is put off or refused" in labels(keeper.open("requests").content.decode())[why]
    assert keeper.send("requests", **{asked: "refused", why: ""}).status_code == 422
    assert keeper.send("requests", **{asked: "refused", why: "Not this year"}).status_code == 302
