"""Books, sheets, lines, and what is kept of them a month."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institutions", "0014_belonging_names_by_sound"),
    ]

    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("opened_on", models.DateField(verbose_name="Kept since")),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="book", to="institutions.institution"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(editable=False, unique=True)),
                ("way", models.CharField(choices=[("given", "Given"), ("taken", "Taken")], max_length=5)),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="books.book"
                    ),
                ),
                (
                    "woman",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loans",
                        to="institutions.woman",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "book", "month", "head", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.IntegerField()),
                ("head", models.SmallIntegerField()),
                ("debit_paise", models.BigIntegerField()),
                ("credit_paise", models.BigIntegerField()),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="books.book",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(editable=False, unique=True)),
                ("on_date", models.DateField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Meeting"),
                            (2, "Bank"),
                            (3, "Between two bodies"),
                            (4, "Cut-off"),
                            (5, "Adjustment"),
                            (6, "Reversal"),
                        ]
                    ),
                ),
                ("line_count", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField(null=True)),
                ("digest", models.BinaryField()),
                ("recorded_at", models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ("recorded_by", models.CharField(max_length=64)),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="books.book",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="books.sheet",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sheet", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount_paise", models.BigIntegerField()),
                ("position", models.SmallIntegerField()),
                ("head", models.SmallIntegerField()),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="books.book",
                    ),
                ),
                (
                    "woman",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.woman",
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="books.loan",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="books.sheet",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MonthLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.IntegerField()),
                ("locked_at", models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ("locked_by", models.CharField(max_length=64)),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locks",
                        to="books.book",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("book", "month"), name="month_locked_once")],
            },
        ),
        migrations.AddIndex(
            model_name="sheet",
            index=models.Index(fields=["book", "on_date"], name="sheet_by_book_and_day"),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)), fields=("book", "number"), name="meeting_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("line_count__gte", 2)), name="sheet_of_two_lines_or_more"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("reverses__isnull", True), ("kind", 6), _connector="OR"),
                name="only_a_reversal_reverses",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_paise", 0), _negated=True), name="line_of_something"
            ),
        ),
    ]
