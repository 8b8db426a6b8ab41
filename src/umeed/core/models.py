"""The base of every record, and the audit chain that every write hangs on."""

from typing import Any

from django.db import models
from django.utils import timezone

from umeed.core.scope import ScopedQuerySet
from umeed.kernel.ids import new_id


class UnauditedWrite(RuntimeError):
    """A record was saved outside `audited(…)`: a programming error, refused before it reaches the database."""


class Written(models.Model):
    """What is written only by actions: saving or deleting outside `audited()` is refused."""

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        _must_be_audited(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        _must_be_audited(self)
        return super().delete(*args, **kwargs)


class Record(Written):
    """A record with an id that any device can make, and a revision that tells an edit based on an old page."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.revision += 1
            self.changed_at = timezone.now()
        super().save(*args, **kwargs)


def _must_be_audited(record: models.Model) -> None:
    from umeed.core.audit import is_open

    if not is_open():
        raise UnauditedWrite(f"{type(record).__name__} may only be written inside audited(…)")


class AuditEntry(models.Model):
    """One action: who did what, when, from where and why. Each entry carries the hash of the one before it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    did = models.CharField(max_length=80)
    why = models.TextField(blank=True)
    origin = models.CharField(max_length=200, blank=True)
    subject_table = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    # No foreign key: the chain outlives what it speaks of, and places is a higher room.
    place_id = models.BigIntegerField(null=True)
    change_count = models.PositiveIntegerField(default=0)
    changes_digest = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject_table", "subject_id"], name="audit_by_subject"),
            models.Index(fields=["actor", "-seq"], name="audit_by_actor"),
            models.Index(fields=["place_id", "-seq"], name="audit_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.did}"


class AuditChange(models.Model):
    """One record that an action touched: what it was and what it became. Sealed fields appear masked."""

    CREATED, CHANGED, REMOVED, READ = "created", "changed", "removed", "read"

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="changes", db_index=False)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    table = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "table"], name="change_by_subject")]
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="change_position_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.table} {self.subject_id}"


# Django finds models through this module; those of the loads live in their own.
from umeed.core.loads import models as loads_models  # noqa: E402, F401
from umeed.core.registers import models as register_models  # noqa: E402, F401
