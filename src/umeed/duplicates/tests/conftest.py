"""The scene of two districts, and hands that make a woman's second record."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from tests.architecture import scene as scenes

from umeed.core.audit import audited
from umeed.core.dated import between
from umeed.core.scope import Scope, system
from umeed.core.viewer import as_system, as_viewer
from umeed.duplicates.models import Candidate
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Consent,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    Woman,
)

TODAY = scenes.today()
LONG_AGO = datetime.date(2021, 4, 1)
_TIED = (Membership, OfficeTerm, Signatory, Consent, Alias)


@pytest.fixture
def scene(db: None) -> scenes.Scene:
    return scenes.build()


@pytest.fixture
def officer(scene: scenes.Scene) -> Scope:
    """The block officer of the first district."""
    return scene.scope("block_officer")


class World:
    """Rows written past the rules, as a load of old registers may have brought them."""

    def __init__(self, scene: scenes.Scene) -> None:
        self.scene = scene
        self.group, self.second_group = scene.here.groups
        # Without any tie, so that each test says what hangs on whom.
        self.first = self.woman("Haleema Begum", belonging_name="Ghulam Bhat", born_year=1988, phone="9906543210")
        self.second = self.woman("Halima Begam", belonging_name="Gulam Butt", born_on=datetime.date(1988, 3, 4))

    def save(self, record: Any) -> Any:
        with as_system(), audited(by=system(TODAY), did="test_rows"):
            record.save()
        return record

    def woman(self, name: str, *, village: int = 0, **said: Any) -> Woman:
        place = self.scene.here.villages[village]
        return self.save(Woman(name=name, place=place, **said))

    def member(
        self, woman: Woman, group: Institution, since: datetime.date = LONG_AGO, until: datetime.date | None = None
    ) -> Membership:
        return self.save(Membership(woman=woman, institution=group, kind=group.kind, during=between(since, until)))

    def office(self, woman: Woman, group: Institution, office: str, since: datetime.date = LONG_AGO) -> OfficeTerm:
        return self.save(OfficeTerm(woman=woman, institution=group, office=office, during=between(since, None)))

    def signs(self, woman: Woman, group: Institution) -> Signatory:
        with as_system():
            account = BankAccount.objects.get(institution=group)
        return self.save(Signatory(woman=woman, account=account, during=between(LONG_AGO, None)))

    def agreed(self, woman: Woman, purpose: str = "record", **days: datetime.date) -> Consent:
        given = days.pop("given_on", LONG_AGO)
        return self.save(Consent(woman=woman, purpose=purpose, language="ur", taken="signed", given_on=given, **days))

    def alias(self, woman: Woman, value: str) -> Alias:
        return self.save(Alias(woman=woman, system="lokos", value=value, during=between(LONG_AGO, None)))

    def pair(self, one: Woman | None = None, two: Woman | None = None, **said: Any) -> Candidate:
        low, high = sorted(((one or self.first).pk, (two or self.second).pk))
        given = {"bits": 11, "band": "certain", "signs": {"name": "same", "phone": "unknown"}, "found_on": TODAY}
        return self.save(Candidate(low_id=low, high_id=high, **{**given, **said}))


@pytest.fixture
def world(scene: scenes.Scene) -> World:
    return World(scene)


@pytest.fixture
def acting(officer: Scope) -> Callable[..., Any]:
    """Call an action as the block officer, with row security in force."""

    def act(action: Callable[..., Any], *, by: Scope = officer, **given: Any) -> Any:
        with as_viewer(by.viewer):
            return action(by=by, **given)

    return act


def everything() -> dict[str, Any]:
    """Every column of every woman and of all that hangs on her, but for revisions: to tell whether it is the same."""
    with as_system():
        return {
            f"{model.__name__} {row['id']}": {k: v for k, v in row.items() if k not in {"revision", "changed_at"}}
            for model in (Woman, *_TIED)
            for row in model.objects.values()
        }
