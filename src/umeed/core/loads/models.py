"""What rests in the database while a spreadsheet is on its way in: the load, its sealed file, its rows, mappings."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from umeed.core.fields import SealedTextField
from umeed.core.loads.sight import places_in_reach
from umeed.core.models import Record
from umeed.core.scope import Scope, ScopedQuerySet


class State(models.TextChoices):
    """Where a load stands. Being received, read, checked, loaded, taken back is work; the others wait or rest."""

    RECEIVED = "received", _("Received")
    READING = "reading", _("Being read")
    MAPPING = "mapping", _("Waiting for your answers")
    JUDGING = "judging", _("Being checked")
    JUDGED = "judged", _("Waiting for your consent")
    APPLYING = "applying", _("Being loaded")
    APPLIED = "applied", _("Loaded")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")
    FAILED = "failed", _("Could not be read")
    DISCARDED = "discarded", _("Put aside")


AT_WORK = (State.RECEIVED, State.READING, State.JUDGING, State.APPLYING, State.UNDOING)
WAITING = (State.MAPPING, State.JUDGED)


class What(models.TextChoices):
    """What loading a row would do."""

    CREATE = "create", _("New")
    CHANGE = "change", _("Changes")
    LEAVE = "leave", _("Known already")
    REFUSE = "refuse", _("Refused")


# In `counts` and in the report: what is known here and not in the file, and is left as it is.
GONE = "gone"
# What is not written now and kept with the load as it stands, e.g. cut-off figures until the books are kept.
WAITS = "waits"


class LoadQuerySet(ScopedQuerySet):
    def in_summary_for(self, scope: Scope) -> Self:
        """Loads of which the viewer may read the summary: her own, and those made where she may see who did what."""
        if scope.is_system:
            return self
        reached = places_in_reach(scope, "audit.see")
        # Hardly anybody holds postings at more than two places; each look-up is hashed once a statement.
        there = models.Q(place_ids__0__in=reached) | models.Q(place_ids__1__in=reached)
        return self.filter(models.Q(made_by=scope.viewer) | there)


class Load(Record):
    """One spreadsheet on its way in. Its rows and its file are the uploader's alone; row security says so again.

    found    [{title, headings, rows}] as read; mapping {title: {kind, columns: {column key: heading index}}}
    counts   rows by verdict, `chosen`: how many will be written; of `leave`, `gone`: how many are not in the file, and
             `waits`: how many are kept for later (missing: none); of `change` how many have each difference that the
             layout declares (see differences.py; missing altogether: not counted), and `several`
    """

    AUDIT_HIDES = (
        "found", "samples", "notes", "progress_done", "progress_total", "progress_words", "progress_at", "place_ids",
    )  # fmt: skip

    layout_key = models.CharField(max_length=40, blank=True)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    made_by = models.CharField(max_length=64)
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    origin = models.CharField(max_length=200, blank=True)
    place_ids = ArrayField(models.BigIntegerField(), default=list)
    place_label = models.CharField(max_length=200, blank=True)
    found = models.JSONField(default=list)
    samples = SealedTextField(blank=True, purpose="load.samples")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    refusals = models.JSONField(default=list)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_words = models.CharField(max_length=200, blank=True)
    progress_at = models.DateTimeField(default=timezone.now)
    judged_seq = models.BigIntegerField(null=True)
    applied_seq = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_seq = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = LoadQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["made_by", "-made_at"], name="load_by_person")]

    def __str__(self) -> str:
        return self.file_name

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        """A load with its rows is seen by the person who made it, and by nobody else."""
        return rows.filter(made_by=scope.viewer)

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK


class LoadFile(models.Model):
    """A piece of the uploaded file, sealed; all pieces are deleted some days after the upload (see files.py)."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["load", "position"], name="load_file_piece_once")]

    def __str__(self) -> str:
        return f"{self.load_id} {self.position}"


class LoadRow(models.Model):
    """The verdict of one row. `before`/`after` hold sealed columns sealed; `chosen` is what the person consents to."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="rows", db_index=False)
    sheet = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=8, choices=What)
    shown = models.CharField(max_length=300)
    reasons = models.JSONField(default=list)
    table = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["load", "id"], name="load_row_in_order"),
            models.Index(fields=["load", "what", "id"], name="load_row_by_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.sheet} {self.number}"


class ColumnMapping(models.Model):
    """How a person once mapped a sheet with these headings: found again by their fingerprint.

    columns  {column key: folded heading}
    """

    fingerprint = models.CharField(max_length=64)
    layout_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    columns = models.JSONField(default=dict)
    made_by = models.CharField(max_length=64)
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "layout_key", "made_by"], name="mapping_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.layout_key} {self.fingerprint[:8]}"
