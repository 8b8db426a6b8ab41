"""The pages of the demonstration's own records open: of every shape in which a woman or an institution is kept, one."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from umeed.access.models import User
from umeed.access.scope import scope_of
from umeed.core.registers.declare import Register
from umeed.core.scope import Scope
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Consent,
    Federation,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    StatusTerm,
    Woman,
)
from umeed.institutions.registers import clfs, shgs, vos, women
from umeed.simulator import mission, sign_ins

OF_A_WOMAN = (Membership, OfficeTerm, Signatory, Consent, Alias)
OF_AN_INSTITUTION = (BankAccount, StatusTerm, Federation, OfficeTerm, Alias)
REGISTERS = {"shg": shgs, "vo": vos, "clf": clfs}
# Besides the two UT officers, who see everything: people who see a part, each with other rights over it.
OTHERS = ("block", "mis", "person", "group", "clf", "bank", "auditor", "partner")


@pytest.fixture
def demonstration(db: None, by: Scope, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.SECOND_FACTOR = "none"
    mission.invent("village", by=by, told=lambda _percent, _words: None)
    sign_ins.make(by=by)


def one_of_each(rows: models.QuerySet[Any], tied: Iterable[type[models.Model]], column: str) -> Iterator[Any]:
    """Ids of records that together show every value of a choice, every field filled and empty, every set of ties."""
    ties = {model: _how_many(model, column) for model in tied}
    chosen = {field.attname for field in rows.model._meta.concrete_fields if field.choices}
    seen: set[Any] = set()
    for row in rows.order_by("pk").values():
        shape = {(name, value if name in chosen or value is None else bool(value)) for name, value in row.items()}
        shape.add(("ties", *(counts.get(row["id"], (0, 0)) for counts in ties.values())))
        if shape - seen:
            seen |= shape
            yield row["id"]


def _how_many(model: type[models.Model], column: str) -> dict[Any, tuple[int, int]]:
    """{owner: (ties, of which ended)}, none, one or several of each."""
    column = column if any(field.name == column for field in model._meta.fields) else "member"
    ended = "withdrawn_on" if model is Consent else "during__endswith"
    rows = model._default_manager.order_by().values_list(column)
    ended_ones = models.Count("pk", filter=models.Q(**{f"{ended}__isnull": False}))
    return {
        owner: (min(count, 2), min(over, 2))
        for owner, count, over in rows.annotate(count=models.Count("pk"), over=ended_ones)
    }


def pages_of(pk: Any, register: Register) -> tuple[str, str]:
    """Its page in the register, and the page of what is tied to it."""
    ties = "institutions:woman" if register is women else "institutions:institution"
    return register.url("detail", pk), reverse(ties, args=[pk])


def test_a_record_of_every_shape_opens_for_everybody_who_sees_it(demonstration: None) -> None:
    found = dict.fromkeys(one_of_each(Woman.objects.filter(merged_into=None), OF_A_WOMAN, "woman"), women)
    kinds = dict(Institution.objects.values_list("pk", "kind"))
    of_each = one_of_each(Institution.objects.all(), OF_AN_INSTITUTION, "institution")
    found |= {pk: REGISTERS[kinds[pk]] for pk in of_each}
    assert len(found) > 40, "the demonstration has records of many shapes"
    unseen, broken = set(found), []
    for username in ("ut", "ladakh", *OTHERS):
        user = User.objects.get(username=username)
        client = Client(raise_request_exception=False)
        client.force_login(user)
        for pk in _seen(user, found):
            answers = [(client.get(page).status_code, username, page) for page in pages_of(pk, found[pk])]
            broken += [answer for answer in answers if answer[0] != 200]
            unseen.discard(pk)
    assert broken == []
    assert unseen == set(), "every record is seen by somebody"


def _seen(user: User, found: dict[Any, Register]) -> list[Any]:
    scope = scope_of(user)
    seen: set[Any] = set()
    for register in {id(one): one for one in found.values()}.values():
        if scope.can(register.see):
            wanted = [pk for pk, of in found.items() if of is register]
            seen |= set(register.base(scope).filter(pk__in=wanted).values_list("pk", flat=True))
    return sorted(seen)
