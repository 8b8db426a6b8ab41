"""Spreadsheets on their way in, and the second door before their rows and files: the person who uploaded, nobody else."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import umeed.core.fields
import umeed.kernel.ids

VIEWER = "(SELECT coalesce(current_setting('umeed.viewer', true), ''))"
# Hashed once a statement, so that a long list costs one look-up a row.
MINE = f"{VIEWER} = 'system' OR load_id IN (SELECT id FROM core_load WHERE made_by = {VIEWER})"  # noqa: S608


def _secure(table):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_seen ON {table} USING ({MINE}) WITH CHECK ({MINE});",
        f"DROP POLICY {table}_seen ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_where_an_action_belongs"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                ("layout_key", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("columns", models.JSONField(default=dict)),
                ("made_by", models.CharField(max_length=64)),
                ("made_by_name", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fingerprint", "layout_key", "made_by"), name="mapping_once_a_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=umeed.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("layout_key", models.CharField(blank=True, max_length=40)),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("reading", "Being read"),
                            ("mapping", "Waiting for your answers"),
                            ("judging", "Being checked"),
                            ("judged", "Waiting for your consent"),
                            ("applying", "Being loaded"),
                            ("applied", "Loaded"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                            ("failed", "Could not be read"),
                            ("discarded", "Put aside"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("made_by", models.CharField(max_length=64)),
                ("made_by_name", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("origin", models.CharField(blank=True, max_length=200)),
                (
                    "place_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("place_label", models.CharField(blank=True, max_length=200)),
                ("found", models.JSONField(default=list)),
                ("samples", umeed.core.fields.SealedTextField(blank=True, purpose="load.samples")),
                ("mapping", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=list)),
                ("refusals", models.JSONField(default=list)),
                ("progress_done", models.PositiveIntegerField(default=0)),
                ("progress_total", models.PositiveIntegerField(default=0)),
                ("progress_words", models.CharField(blank=True, max_length=200)),
                ("progress_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("judged_seq", models.BigIntegerField(null=True)),
                ("applied_seq", models.BigIntegerField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("undone_seq", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-made_at"],
                "indexes": [models.Index(fields=["made_by", "-made_at"], name="load_by_person")],
            },
        ),
        migrations.CreateModel(
            name="LoadFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "load",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="core.load",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("load", "position"), name="load_file_piece_once")],
            },
        ),
        migrations.CreateModel(
            name="LoadRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(max_length=120)),
                ("number", models.PositiveIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("create", "New"),
                            ("change", "Changes"),
                            ("leave", "Known already"),
                            ("refuse", "Refused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("shown", models.CharField(max_length=300)),
                ("reasons", models.JSONField(default=list)),
                ("table", models.CharField(blank=True, max_length=80)),
                ("subject_id", models.CharField(blank=True, max_length=64)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("chosen", models.BooleanField(default=False)),
                (
                    "load",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="core.load"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["load", "id"], name="load_row_in_order"),
                    models.Index(fields=["load", "what", "id"], name="load_row_by_verdict"),
                ],
            },
        ),
        _secure("core_loadfile"),
        _secure("core_loadrow"),
    ]
