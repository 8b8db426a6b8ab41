"""What others read about women and institutions: annotated lists, a group's and a woman's page, what wants doing.

The viewer's scope comes first. Every function says how many SQL queries it makes; lists are querysets, nothing is asked
until they are read. `capability` is the reach that counts.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from umeed.core.fields import masked
from umeed.core.scope import Scope
from umeed.institutions import codes, rules
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
from umeed.institutions.naming import called_in
from umeed.institutions.norms import norm
from umeed.places.models import Kind as PlaceKind
from umeed.places.models import Within

SEE_WOMEN, SEE_GROUPS = "women.see", "institutions.see"


# Lists ------------------------------------------------------------------------------------------------------------


def women(scope: Scope, capability: str = SEE_WOMEN) -> QuerySet[Woman]:
    """Women in sight, merged records left out, with today's `group_id`, `group_name`, `block_name`, `district_name`."""
    ties = Membership.objects.on(scope.today).filter(woman=OuterRef("pk"), kind=codes.Kind.SHG)
    rows = Woman.objects.filter(merged_into__isnull=True).seen_by(scope, capability)
    return rows.annotate(
        group_id=Subquery(ties.values("institution")[:1]),
        group_name=Subquery(ties.values("institution__name")[:1]),
        block_name=_above(scope.today, PlaceKind.BLOCK),
        district_name=_above(scope.today, PlaceKind.DISTRICT),
    )


def groups(scope: Scope, kind: str = codes.Kind.SHG, capability: str = SEE_GROUPS) -> QuerySet[Institution]:
    """Institutions of a kind in sight, with `member_count`, `above_id`, `above_name`, `clf_name`, block and district.

    `above` is the VO of a group and the CLF of a VO; `clf_name` that of a group's VO.
    """
    ties = Federation.objects.on(scope.today).filter(member=OuterRef("pk"))
    upper = Federation.objects.on(scope.today).filter(member=OuterRef("above_id"))
    rows = Institution.objects.filter(kind=kind).seen_by(scope, capability)
    return rows.annotate(
        member_count=members_today(scope.today),
        above_id=Subquery(ties.values("above")[:1]),
        above_name=Subquery(ties.values("above__name")[:1]),
    ).annotate(
        clf_name=Subquery(upper.values("above__name")[:1]),
        block_name=_above(scope.today, PlaceKind.BLOCK),
        district_name=_above(scope.today, PlaceKind.DISTRICT),
    )


def members_today(day: datetime.date) -> Any:
    """How many members an institution has on a day, as a column."""
    ties = Membership.objects.on(day).filter(institution=OuterRef("pk")).order_by().values("institution")
    return Coalesce(Subquery(ties.annotate(n=Count("pk")).values("n")), 0)


def _above(day: datetime.date, kind: str) -> Any:
    rows = Within.objects.on(day).filter(below=OuterRef("place"), above__kind=kind)
    return Subquery(rows.values("above__name")[:1])


# What wants doing -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lack:
    """Something that is missing or out of bounds, as the rows it is about. `of` is group or woman."""

    key: str
    of: str
    rows: Callable[[Scope], QuerySet[Any]]


def _at_work(scope: Scope) -> QuerySet[Institution]:
    rows = Institution.objects.filter(kind=codes.Kind.SHG).exclude(status__in=rules.ENDED)
    return rows.seen_by(scope, "institutions.change")


def _members(scope: Scope) -> QuerySet[Woman]:
    ties = Membership.objects.on(scope.today).filter(woman=OuterRef("pk"), kind=codes.Kind.SHG)
    return Woman.objects.filter(Exists(ties), merged_into__isnull=True).seen_by(scope, "women.change")


def too_small(scope: Scope) -> QuerySet[Institution]:
    """Groups at work, forming ones left out, with fewer than the norm's members."""
    rows = _at_work(scope).exclude(status=codes.Status.FORMING).annotate(member_count=members_today(scope.today))
    return rows.filter(member_count__lt=norm("shg.members.min", on=scope.today))


def too_large(scope: Scope) -> QuerySet[Institution]:
    rows = _at_work(scope).annotate(member_count=members_today(scope.today))
    return rows.filter(member_count__gt=norm("shg.members.max", on=scope.today))


def ready_to_be_active(scope: Scope) -> QuerySet[Institution]:
    """Forming groups that have reached the norm's members."""
    rows = _at_work(scope).filter(status=codes.Status.FORMING).annotate(member_count=members_today(scope.today))
    return rows.filter(member_count__gte=norm("shg.members.min", on=scope.today))


def without_president(scope: Scope) -> QuerySet[Institution]:
    terms = OfficeTerm.objects.on(scope.today).filter(institution=OuterRef("pk"), office=codes.Office.PRESIDENT)
    return _at_work(scope).filter(~Exists(terms))


def without_account(scope: Scope) -> QuerySet[Institution]:
    accounts = BankAccount.objects.on(scope.today).filter(institution=OuterRef("pk"))
    return _at_work(scope).filter(~Exists(accounts))


def without_phone(scope: Scope) -> QuerySet[Woman]:
    return _members(scope).filter(phone="")


def without_nominee(scope: Scope) -> QuerySet[Woman]:
    return _members(scope).filter(nominee_name="")


def without_consent(scope: Scope) -> QuerySet[Woman]:
    """Members whose consent to keeping their record is not there, or withdrawn."""
    given = Consent.objects.filter(woman=OuterRef("pk"), purpose=codes.Purpose.RECORD, withdrawn_on__isnull=True)
    return _members(scope).filter(~Exists(given))


LACKS: tuple[Lack, ...] = (
    Lack("too_small", "group", too_small),
    Lack("too_large", "group", too_large),
    Lack("ready_to_be_active", "group", ready_to_be_active),
    Lack("without_president", "group", without_president),
    Lack("without_account", "group", without_account),
    Lack("without_phone", "woman", without_phone),
    Lack("without_nominee", "woman", without_nominee),
    Lack("without_consent", "woman", without_consent),
)


def lacks(scope: Scope) -> dict[str, int]:
    """{key: how many} of all that wants doing in reach; one query each, none for what the viewer may not change."""
    needs = {"group": "institutions.change", "woman": "women.change"}
    return {lack.key: lack.rows(scope).order_by().count() for lack in LACKS if scope.can(needs[lack.of])}


# One institution --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    """A woman in a group: since when, and the offices she holds there today. `called` tells her from a namesake."""

    woman_id: UUID
    membership_id: UUID
    name: str
    called: str
    belonging_name: str
    since: datetime.date
    until: datetime.date | None
    offices: tuple[str, ...]


@dataclass(frozen=True)
class Officer:
    """Who holds or held an office, by the name that tells her from a namesake."""

    term: OfficeTerm
    name: str


@dataclass(frozen=True)
class Account:
    """A bank account with its number covered, and who signs for it today."""

    id: UUID
    number: str
    bank: str
    branch: str
    ifsc: str
    since: datetime.date | None
    until: datetime.date | None
    is_default: bool
    signatories: tuple[str, ...]


@dataclass(frozen=True)
class InstitutionPage:
    """An institution with everything that is tied to it. `chain` are those above it, nearest first."""

    institution: Institution
    members: tuple[Member, ...]
    former: tuple[Member, ...]
    officers: tuple[Officer, ...]
    accounts: tuple[Account, ...]
    chain: tuple[Institution, ...]
    below: tuple[Institution, ...]
    statuses: tuple[StatusTerm, ...]
    aliases: tuple[Alias, ...]


def institution_page(scope: Scope, pk: UUID) -> InstitutionPage | None:
    """An institution in sight, or None. At most eleven queries, whatever it holds. Women where one may see them."""
    found = Institution.objects.filter(pk=pk).select_related("place").seen_by(scope, SEE_GROUPS).first()
    if found is None:
        return None
    called = called_in(found.pk)
    officers = officers_of(scope, found, called)
    members = _members_of(scope, found, officers, called)
    return InstitutionPage(
        institution=found,
        members=tuple(one for one in members if one.until is None or one.until > scope.today),
        former=tuple(one for one in members if one.until is not None and one.until <= scope.today),
        officers=officers,
        accounts=accounts_of(scope, found, called),
        chain=chain_above(found.pk, scope.today),
        below=() if found.kind == "shg" else tuple(_below(scope, found)),
        statuses=tuple(StatusTerm.objects.filter(institution=found).order_by("-during")),
        aliases=tuple(aliases_of(found)),
    )


def officers_of(scope: Scope, institution: Institution, called: Mapping[UUID, str]) -> tuple[Officer, ...]:
    """Who holds and held its offices, of the women in sight; newest first. One query."""
    terms = OfficeTerm.objects.filter(institution=institution).seen_by(scope, SEE_WOMEN)
    terms = terms.select_related("woman").only("office", "during", "woman__name").order_by("-during")
    return tuple(Officer(term, called.get(term.woman_id, term.woman.name)) for term in terms)


def _members_of(
    scope: Scope, institution: Institution, officers: Sequence[Officer], called: Mapping[UUID, str]
) -> list[Member]:
    ties = Membership.objects.filter(institution=institution, woman__in=Woman.objects.seen_by(scope, SEE_WOMEN))
    ties = ties.select_related("woman").only("during", "woman__name", "woman__belonging_name")
    held: dict[UUID, list[str]] = {}
    for term in (one.term for one in officers):
        if scope.today in _days(term):
            held.setdefault(term.woman_id, []).append(str(term.get_office_display()))
    return [
        Member(
            tie.woman_id, tie.pk, tie.woman.name, called.get(tie.woman_id, tie.woman.name), tie.woman.belonging_name,
            tie.during.lower, tie.during.upper, tuple(sorted(held.get(tie.woman_id, ()))),
        )
        for tie in ties.order_by("woman__name", "pk")
    ]  # fmt: skip


class _days:  # noqa: N801  (reads as a word: today in _days(term))
    """The days on which a dated tie holds."""

    def __init__(self, dated: Any) -> None:
        self.first, self.end = dated.during.lower, dated.during.upper

    def __contains__(self, day: datetime.date) -> bool:
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


def accounts_of(scope: Scope, institution: Institution, called: Mapping[UUID, str]) -> tuple[Account, ...]:
    """Its bank accounts, the main one first, with those in sight who sign for them today. Two queries."""
    accounts = list(BankAccount.objects.filter(institution=institution).order_by("-is_default", "-during"))
    signing: dict[UUID, list[str]] = {}
    signatories = Signatory.objects.on(scope.today).filter(account__in=accounts).seen_by(scope, SEE_WOMEN)
    for account, woman, name in signatories.values_list("account", "woman", "woman__name"):
        signing.setdefault(account, []).append(called.get(woman, name))
    return tuple(
        Account(
            one.pk, masked(one.number), one.bank, one.branch, one.ifsc, one.during.lower, one.during.upper,
            one.is_default, tuple(sorted(signing.get(one.pk, ()))),
        )
        for one in accounts
    )  # fmt: skip


def chain_above(pk: UUID, day: datetime.date) -> tuple[Institution, ...]:
    """What an institution is federated to on a day: its VO and that VO's CLF. Two queries."""
    chain: list[Institution] = []
    below = pk
    # One question for both is no better: with "or" PostgreSQL reads every tie there is.
    while len(chain) < 2 and (ties := Federation.objects.on(day).filter(member=below).select_related("above")):
        chain.append(ties[0].above)
        below = ties[0].above_id
    return tuple(chain)


def _below(scope: Scope, institution: Institution) -> QuerySet[Institution]:
    ties = Federation.objects.on(scope.today).filter(above=institution).values("member")
    rows = Institution.objects.filter(pk__in=ties).seen_by(scope, SEE_GROUPS)
    return rows.annotate(member_count=members_today(scope.today)).order_by("name", "pk")


# One woman --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WomanPage:
    """A woman with everything that is tied to her; `home` are the others of her household.

    `kept_as` is the record into which this one was merged, when it was and the viewer sees it.
    """

    woman: Woman
    memberships: tuple[Membership, ...]
    offices: tuple[OfficeTerm, ...]
    home: tuple[Woman, ...]
    consents: tuple[Consent, ...]
    aliases: tuple[Alias, ...]
    kept_as: Woman | None = None


def woman_page(scope: Scope, pk: UUID) -> WomanPage | None:
    """A woman in sight, or None. Six queries; one more for each merge."""
    woman = Woman.objects.filter(pk=pk).select_related("place", "household").seen_by(scope, SEE_WOMEN).first()
    if woman is None:
        return None
    home = Woman.objects.filter(household=woman.household_id, merged_into__isnull=True).exclude(pk=woman.pk)
    return WomanPage(
        woman=woman,
        memberships=tuple(woman.memberships.select_related("institution").order_by("-during")),
        offices=tuple(woman.office_terms.select_related("institution").order_by("-during")),
        home=tuple(home.seen_by(scope, SEE_WOMEN).order_by("name")) if woman.household_id else (),
        consents=tuple(Consent.objects.filter(woman=woman).order_by("purpose", "-given_on")),
        aliases=tuple(aliases_of(woman)),
        kept_as=kept_as(scope, woman),
    )


def kept_as(scope: Scope, woman: Woman) -> Woman | None:
    """The record that stands for a merged one today, however often that was merged since; None out of sight."""
    kept = woman
    while kept is not None and kept.merged_into_id:
        kept = Woman.objects.filter(pk=kept.merged_into_id).seen_by(scope, SEE_WOMEN).first()
    return kept if kept is not woman else None


def aliases_of(record: Woman | Institution) -> QuerySet[Alias]:
    """The ids by which other systems know a woman and her household, or an institution, newest first."""
    if isinstance(record, Institution):
        return Alias.objects.filter(institution=record).order_by("system", "-during")
    hers = Q(woman=record)
    if record.household_id:
        hers |= Q(household=record.household_id)
    return Alias.objects.filter(hers).order_by("system", "-during")
