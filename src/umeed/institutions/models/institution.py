"""A community institution: what it is, how it stands, what it belongs to, where its money lies."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.dated import Dated, DatedQuerySet, one_at_a_time
from umeed.core.fields import SealedTextField, SoundsField
from umeed.core.models import Record
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.institutions import codes
from umeed.institutions.models.scoping import in_scope
from umeed.places.models import Place


class Institution(Record):
    """A community institution of any kind. What only groups have is empty for the others."""

    kind = models.CharField(_("Kind"), max_length=24, choices=codes.Kind)
    name = models.CharField(_("Name"), max_length=120)
    names_local = models.JSONField(_("Name in other scripts"), default=dict, blank=True)
    name_key = SoundsField(of="name")
    # No index of its own: (place, kind, name) serves for it too.
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="institutions", verbose_name=_("Village"), db_index=False
    )
    formed_on = models.DateField(_("Formed on"))
    origin = models.CharField(_("Origin"), max_length=12, choices=codes.Origin, blank=True)
    revived_on = models.DateField(_("Revived on"), null=True, blank=True)
    coopted_on = models.DateField(_("Brought in on"), null=True, blank=True)
    promoter = models.CharField(_("Promoted by"), max_length=12, choices=codes.Promoter, blank=True)
    promoter_name = models.CharField(_("Name of the promoter"), max_length=120, blank=True)
    special = models.CharField(_("Special group"), max_length=16, choices=codes.Special, blank=True)
    is_model = models.BooleanField(_("Model CLF"), default=False)
    status = models.CharField(_("Status"), max_length=12, choices=codes.Status, default=codes.Status.ACTIVE)
    meeting_frequency = models.CharField(_("Meets"), max_length=12, choices=codes.Frequency, blank=True)
    meeting_day = models.CharField(_("Meeting day"), max_length=3, choices=codes.Weekday, blank=True)
    meeting_date = models.PositiveSmallIntegerField(_("Meeting date in the month"), null=True, blank=True)
    meeting_time = models.TimeField(_("Meeting time"), null=True, blank=True)
    meeting_place = models.CharField(_("Meeting place"), max_length=120, blank=True)
    saving_paise = models.BigIntegerField(_("Compulsory saving a meeting"), null=True, blank=True)
    has_voluntary_saving = models.BooleanField(_("Voluntary saving"), null=True, blank=True)
    bookkeeper_name = models.CharField(_("Bookkeeper"), max_length=120, blank=True)
    bookkeeper_phone = SealedTextField(_("Bookkeeper's phone"), blank=True, purpose="institution.bookkeeper_phone")
    livelihoods = models.JSONField(_("Livelihoods"), default=list, blank=True)
    address = models.CharField(_("Address"), max_length=240, blank=True)
    pin_code = models.CharField(_("PIN code"), max_length=6, blank=True)
    registration_act = models.CharField(_("Registered under"), max_length=80, blank=True)
    registration_number = models.CharField(_("Registration number"), max_length=60, blank=True)
    registered_on = models.DateField(_("Registered on"), null=True, blank=True)
    checked_on = models.DateField(_("Profile last checked on"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place", "kind", "name"], name="institution_by_place"),
            models.Index(fields=["kind", "name"], name="institution_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(origin="revived", revived_on__isnull=False) | ~models.Q(origin="revived"),
                name="revived_group_has_a_date",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(in_scope(scope, capability, lambda ids: models.Q(pk__in=ids)))


class StatusTerm(Record, Dated):
    """The status of an institution over time, each with its reason; `Institution.status` is today's."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="status_terms")
    status = models.CharField(max_length=12, choices=codes.Status)
    why = models.CharField(max_length=240, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [one_at_a_time("one_status_at_a_time", "institution")]

    def __str__(self) -> str:
        return self.status


class Federation(Record, Dated):
    """A group belongs to a VO, a VO to a CLF, for a time."""

    member = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="federations", db_index=False)
    above = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="federated", db_index=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            one_at_a_time("federated_once_at_a_time", "member"),
            models.CheckConstraint(condition=~models.Q(member=models.F("above")), name="not_federated_to_itself"),
        ]
        indexes = [
            models.Index(fields=["member"], include=["during", "above"], name="federation_of_member"),
            models.Index(fields=["above"], include=["during", "member"], name="federation_below"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.above_id}"


class BankAccount(Record, Dated):
    """An institution's account at a bank branch; the number is sealed."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="bank_accounts")
    number = SealedTextField(_("Account number"), purpose="institution.account")
    name = models.CharField(_("Name in the passbook"), max_length=120, blank=True)
    ifsc = models.CharField(_("IFSC"), max_length=11)
    bank = models.CharField(_("Bank"), max_length=80, blank=True)
    branch = models.CharField(_("Branch"), max_length=80, blank=True)
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    is_default = models.BooleanField(_("Main account"), default=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [one_at_a_time("account_once_at_a_time", "number", "ifsc")]

    def __str__(self) -> str:
        return self.branch
