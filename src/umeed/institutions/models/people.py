"""Households and women, the groups that they are in, and what a woman agreed to.

A woman is one person whatever hats she wears.
"""

from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from umeed.core.dated import Dated, DatedQuerySet, one_at_a_time
from umeed.core.fields import SealedTextField, SoundsField
from umeed.core.models import Record
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.institutions import codes
from umeed.institutions.models.institution import Institution
from umeed.institutions.models.scoping import in_scope
from umeed.places.models import Place


class Household(Record):
    """A household of the village, as the participatory identification of the poor found it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="households", verbose_name=_("Village"))
    head_name = models.CharField(_("Head of household"), max_length=120, blank=True)
    house = models.CharField(_("House or locality"), max_length=120, blank=True)
    poverty = models.CharField(_("PIP category"), max_length=10, choices=codes.Poverty, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "place"], name="household_and_place")]

    def __str__(self) -> str:
        return self.head_name

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        of = Woman.objects.values("household")
        return rows.filter(
            in_scope(scope, capability, lambda ids: models.Q(pk__in=of.filter(memberships__institution__in=ids)))
        )


class Woman(Record):
    """A woman (or a transgender person, or a man of a mixed special group) as a person; her groups are memberships."""

    # What she withdraws must be gone: the chain, which keeps everything, never holds it.
    AUDIT_HIDES = ("identity_hash",)

    # Guarded by the database together with `place` (woman_lives_held_by_household), so not a second time alone.
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="women", null=True, blank=True, db_constraint=False
    )
    # No index of its own: (place, name) serves for it too.
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="women", verbose_name=_("Village"), db_index=False
    )
    name = models.CharField(_("Name"), max_length=120)
    names_local = models.JSONField(_("Name in other scripts"), default=dict, blank=True)
    name_key = SoundsField(of="name")
    belonging_name = models.CharField(_("Husband's, father's or mother's name"), max_length=120, blank=True)
    belonging_names_local = models.JSONField(default=dict, blank=True)
    belonging_key = SoundsField(of="belonging_name")
    relation = models.CharField(_("Relation"), max_length=16, choices=codes.Relation, blank=True)
    born_on = models.DateField(_("Born on"), null=True, blank=True)
    born_year = models.PositiveSmallIntegerField(_("Year of birth"), null=True, blank=True)
    gender = models.CharField(_("Gender"), max_length=12, choices=codes.Gender, default=codes.Gender.FEMALE)
    social_category = models.CharField(_("Social category"), max_length=10, choices=codes.SocialCategory, blank=True)
    religion = models.CharField(_("Religion"), max_length=10, choices=codes.Religion, blank=True)
    is_pvtg = models.BooleanField(_("Particularly vulnerable tribal group"), null=True, blank=True)
    disability = models.CharField(_("Disability"), max_length=8, choices=codes.Disability, blank=True)
    disability_kind = models.CharField(_("Kind of disability"), max_length=60, blank=True)
    guardian_name = models.CharField(_("Guardian"), max_length=120, blank=True)
    marital = models.CharField(_("Marital status"), max_length=12, choices=codes.Marital, blank=True)
    is_household_head = models.BooleanField(_("Head of the household"), null=True, blank=True)
    education = models.CharField(_("Education"), max_length=18, choices=codes.Education, blank=True)
    reads = models.JSONField(_("Scripts she reads"), default=list, blank=True)
    phone = SealedTextField(_("Phone"), blank=True, purpose="woman.phone")
    phone_owner = models.CharField(_("Whose phone"), max_length=12, choices=codes.PhoneOwner, blank=True)
    has_smartphone = models.BooleanField(_("Smartphone"), null=True, blank=True)
    account_number = SealedTextField(_("Bank account"), blank=True, purpose="woman.account")
    account_name = models.CharField(_("Name in the passbook"), max_length=120, blank=True)
    ifsc = models.CharField(_("IFSC"), max_length=11, blank=True)
    account_opened_on = models.DateField(_("Account opened on"), null=True, blank=True)
    is_account_seeded = models.BooleanField(_("Account seeded"), null=True, blank=True)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    identity_last4 = models.CharField(_("Aadhaar, last four digits"), max_length=4, blank=True)
    livelihoods = models.JSONField(_("Livelihoods"), default=list, blank=True)
    nominee_name = models.CharField(_("Nominee"), max_length=120, blank=True)
    nominee_relation = models.CharField(_("Nominee's relation"), max_length=16, choices=codes.Relation, blank=True)
    is_insured = models.BooleanField(_("Insured"), null=True, blank=True)
    address = models.CharField(_("Address"), max_length=240, blank=True)
    pin_code = models.CharField(_("PIN code"), max_length=6, blank=True)
    died_on = models.DateField(_("Died on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    checked_on = models.DateField(_("Profile last checked on"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place", "name"], name="woman_by_place"),
            # For those who see so many places that the first page by name is found sooner than sorted.
            models.Index(fields=["name", "id"], name="woman_by_name"),
            models.Index(fields=["place", "name_key"], name="woman_by_sound"),
            models.Index(fields=["phone"], name="woman_by_phone", condition=~models.Q(phone="")),
            models.Index(fields=["account_number"], name="woman_by_account", condition=~models.Q(account_number="")),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(in_scope(scope, capability, lambda ids: models.Q(pk__in=women_of(ids))))


class Membership(Record, Dated):
    """A woman in an institution for a time. In self-help groups: at most one at a time, guarded by the database.

    `kind` is the institution's own, kept here because the guard needs it.
    """

    woman = models.ForeignKey(Woman, on_delete=models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    kind = models.CharField(max_length=24, choices=codes.Kind)
    leave_reason = models.CharField(_("Why she left"), max_length=12, choices=codes.LeaveReason, blank=True)
    leave_note = models.CharField(max_length=240, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            one_at_a_time("woman_in_one_group_at_a_time", "woman", condition=models.Q(kind="shg")),
            one_at_a_time("woman_in_an_institution_once", "woman", "institution", condition=~models.Q(kind="shg")),
        ]
        # What lists ask of each row, answered from the index alone; the exclusion constraints' own are a hundred times
        # slower to ask.
        indexes = [
            models.Index(
                fields=["woman"],
                include=["during", "institution"],
                condition=models.Q(kind="shg"),
                name="membership_of_woman",
            ),
            models.Index(fields=["institution"], include=["during", "woman"], name="membership_in_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.woman_id} in {self.institution_id}"

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(
            in_scope(scope, capability, lambda ids: models.Q(institution__in=ids), place="institution__place")
        )


def women_of(institutions: RawSQL) -> models.QuerySet[Any, Any]:
    """Ids of the women who ever belonged to some institutions."""
    return Membership.objects.filter(institution__in=institutions).values("woman")


class Consent(Record):
    """A woman agreed to one purpose, in a language, in a way; and may withdraw."""

    woman = models.ForeignKey(Woman, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=12, choices=codes.Purpose)
    language = models.CharField(_("Language it was explained in"), max_length=5)
    taken = models.CharField(_("How it was taken"), max_length=8, choices=codes.ConsentTaken)
    given_on = models.DateField(_("Given on"))
    withdrawn_on = models.DateField(_("Withdrawn on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["woman", "purpose"], condition=models.Q(withdrawn_on__isnull=True), name="one_open_consent"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True) | models.Q(withdrawn_on__gte=models.F("given_on")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.woman_id}"

    @property
    def language_in_words(self) -> str:
        return codes.spoken(self.language)
