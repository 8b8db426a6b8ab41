"""Phones, the codes by which they are enrolled, what they sent, the server's keys, marks of what changed."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import umeed.core.fields
import umeed.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("books", "0021_corrections_by_their_book"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "group", "xid", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("group", models.UUIDField(db_column="group_id")),
                ("xid", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ServerKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("public", models.CharField(max_length=120)),
                ("private", umeed.core.fields.SealedTextField(purpose="field.serverkey.private")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=umeed.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("phone", models.UUIDField(db_index=True, verbose_name="Phone")),
                ("label", models.CharField(max_length=80, verbose_name="What it is called")),
                ("public_key", models.JSONField(editable=False)),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("enrolled_at", models.DateTimeField(verbose_name="Enrolled at")),
                ("enrolled_by", models.CharField(max_length=64, verbose_name="Code given by")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended at")),
                ("ended_by", models.CharField(blank=True, max_length=64, verbose_name="Ended by")),
                ("ended_why", models.CharField(blank=True, max_length=240, verbose_name="Why it was ended")),
                (
                    "wipe_asked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Asked to forget everything at"),
                ),
                ("wipe_told_at", models.DateTimeField(blank=True, null=True)),
                ("last_synced_at", models.DateTimeField(blank=True, null=True, verbose_name="Last contact")),
                ("told_app", models.CharField(blank=True, max_length=40)),
                ("told_clock", models.CharField(blank=True, max_length=40)),
                ("told_waiting", models.PositiveIntegerField(default=0)),
                ("told_refused", models.PositiveIntegerField(default=0)),
                ("told_cursor", models.CharField(blank=True, max_length=120)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="phones", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="field.device",
                    ),
                ),
            ],
            options={
                "ordering": ["-enrolled_at"],
            },
        ),
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=umeed.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("given_by", models.CharField(max_length=64, verbose_name="Given by")),
                ("good_until", models.DateTimeField(verbose_name="Good until")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="Used at")),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="field.device",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phone_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Command",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(verbose_name="Id")),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="Try")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("close_meeting", "Meeting"),
                            ("take_back_meeting", "Meeting taken back"),
                            ("write_cut_off", "Cut-off"),
                            ("correct_woman", "Correction of a woman's record"),
                            ("add_woman", "New woman"),
                            ("attach_page", "Picture of a signed page"),
                        ],
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                ("group", models.UUIDField(db_column="group_id", verbose_name="Group")),
                ("carried_by", models.CharField(blank=True, max_length=64, verbose_name="Handed over by")),
                ("digest", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("conflict", "Another stands in its place"),
                            ("refused", "Refused"),
                            ("held", "Held for the officer"),
                            ("waits", "Waits for another one"),
                            ("aside", "Put aside"),
                        ],
                        max_length=8,
                        verbose_name="What became of it",
                    ),
                ),
                ("answer", models.JSONField(default=dict)),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("said", umeed.core.fields.SealedTextField(blank=True, purpose="field.command.said")),
                ("made_at", models.CharField(blank=True, max_length=40)),
                ("received_at", models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=64, verbose_name="Settled by")),
                (
                    "clash",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="books.clash",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commands",
                        to="field.device",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("accepted", "aside", "refused")), _negated=True),
                        fields=["owner"],
                        name="command_open_of_owner",
                    ),
                    models.Index(
                        condition=models.Q(("state", "accepted"), _negated=True),
                        fields=["group"],
                        name="command_open_of_group",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "uid", "attempt"), name="command_answered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField()),
                ("group", models.UUIDField(db_column="group_id", null=True)),
                ("meeting", models.UUIDField(db_index=True, null=True)),
                ("sha256", models.BinaryField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("picture", models.BinaryField()),
                ("received_at", models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "uid"), name="page_sent_once")],
            },
        ),
    ]
