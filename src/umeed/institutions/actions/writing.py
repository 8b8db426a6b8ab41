"""How every action of this room writes: once for one id, with the database's own guards told as plain reasons."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, ProgrammingError, models, transaction
from psycopg import errors

from umeed.core.actions import Refused
from umeed.core.audit import Trail, picture
from umeed.core.fields import SealedTextField
from umeed.core.models import AuditChange, Record
from umeed.kernel.refusals import N_, Refusal

_ID_TAKEN = N_("Something else was already saved under this id. Open a new page and enter it again.")
_OTHER = N_("The database refused this, because it contradicts what is already there.")
_OUTSIDE = N_("This lies outside what your posting covers.")
CLASHES: Mapping[str, tuple[str | None, str, str]] = {
    "woman_in_one_group_at_a_time": (
        "joined_on", "in_another_group", N_("She is already a member of a self-help group in that time."),
    ),
    "woman_in_an_institution_once": ("joined_on", "already_a_member", N_("She is already a member in that time.")),
    "one_person_an_office": ("office", "office_taken", N_("Somebody else holds this office in that time.")),
    "one_office_a_person": ("woman", "has_office", N_("She holds another office of this institution in that time.")),
    "federated_once_at_a_time": ("on", "already_federated", N_("It is already federated in that time.")),
    "not_federated_to_itself": ("above", "federated_to_itself", N_("It cannot be federated to itself.")),
    "one_status_at_a_time": ("on", "status_overlaps", N_("Another status holds in that time.")),
    "account_once_at_a_time": (
        "number", "account_known", N_("This account is already recorded for an institution in that time."),
    ),
    "signatory_once_at_a_time": ("woman", "already_signs", N_("She already signs for this account.")),
    "one_open_consent": ("purpose", "consent_open", N_("She has already consented to this purpose.")),
    "alias_means_one_thing": ("value", "alias_taken", N_("This id already belongs to another record in that time.")),
    "revived_group_has_a_date": ("revived_on", "revival_missing", N_("Give the date on which the group was revived.")),
}  # fmt: skip


@contextmanager
def clashes_told() -> Iterator[None]:
    """What the database's guards refuse becomes a `Refused` with its plain reason; nothing of the block is written."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        raise Refused([clash_reason(clash)]) from clash
    except ProgrammingError as refused:
        if isinstance(refused.__cause__, errors.InsufficientPrivilege):
            raise Refused([Refusal(None, "outside", _OUTSIDE)]) from refused
        raise


def clash_reason(clash: IntegrityError) -> Refusal:
    """The plain reason behind a violated constraint."""
    name = getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "") or ""
    if name.endswith("_pkey"):
        return Refusal(None, "id_taken", _ID_TAKEN)
    field, code, text = CLASHES.get(name, (None, "contradiction", _OTHER))
    return Refusal(field, code, text)


def made_before(model: type[Record], pk: UUID, values: Mapping[str, Any]) -> Any:
    """The record that the same call made before, or None. Raises Refused when the id stands for something else.

    Compared with what was written then, so that a later correction does not turn a repeated call into a stranger.
    """
    existing = model._default_manager.filter(pk=pk).first()
    if existing is None:
        return None
    now = picture(existing)
    then = now if existing.revision == 1 else _as_created(model, pk) or now
    asked = picture(model(pk=pk, **values))
    columns = {model._meta.get_field(name).attname for name in values}  # type: ignore[union-attr]
    differs = any(asked[column] != then.get(column) for column in columns)
    if differs or (existing.revision == 1 and _sealed_differs(existing, values)):
        raise Refused([Refusal(None, "id_taken", _ID_TAKEN)])
    return existing


def _as_created(model: type[models.Model], pk: UUID) -> Mapping[str, Any] | None:
    rows = AuditChange.objects.filter(subject_id=str(pk), table=model._meta.db_table, kind=AuditChange.CREATED)
    return rows.values_list("after", flat=True).first()


def _sealed_differs(record: models.Model, values: Mapping[str, Any]) -> bool:
    """Pictures show only the ends of sealed texts; here the whole text is compared."""
    sealed = {field.name for field in record._meta.concrete_fields if isinstance(field, SealedTextField)}
    return any(getattr(record, name) != values[name] for name in sealed & set(values))


def create(trail: Trail, record: Record) -> None:
    """Insert a new record and note it."""
    with clashes_told():
        record.save(force_insert=True)
    trail.created(record)


def change(trail: Trail, record: Record, **values: Any) -> None:
    """Set fields of a record, save when something differs, and note it."""
    before = picture(record)
    different = [name for name, value in values.items() if getattr(record, name) != value]
    if not different:
        return
    for name in different:
        setattr(record, name, values[name])
    with clashes_told():
        record.save()
    trail.changed(record, before)


def end(trail: Trail, record: Any, day: Any) -> None:
    """End a dated tie: `day` is the first day on which it no longer holds. What begins on or after it never held."""
    if record.during.lower is not None and day <= record.during.lower:
        trail.removed(record)
        record.delete()
        return
    change(trail, record, during=type(record.during)(record.during.lower, day))
