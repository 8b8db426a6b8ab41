"""Kept sums of blocks, districts and States; a change of the tree marks them as stale, as a changed record does."""

import django.db.models.deletion
from django.db import migrations, models

EVENTS = {"ins": ("INSERT", "NEW"), "upd": ("UPDATE", "NEW"), "del": ("DELETE", "OLD")}
MAKE = """
CREATE FUNCTION profiles_mark_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) THEN
        INSERT INTO profiles_stale (place_id) VALUES (NULL);
    END IF;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER profiles_mark_tree_{short} AFTER {event} ON places_within
    REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION profiles_mark_tree();
"""
    for short, (event, side) in EVENTS.items()
)
DROP = "".join(f"DROP TRIGGER profiles_mark_tree_{short} ON places_within;" for short in EVENTS)


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0002_changes_know_their_load"),
        ("profiles", "0002_marks_by_triggers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="stale",
            name="place",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="places.place",
            ),
        ),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("woman", "Members"),
                            ("shg", "Self-help groups"),
                            ("vo", "Village organisations"),
                            ("clf", "Cluster level federations"),
                        ],
                        max_length=8,
                    ),
                ),
                ("records", models.PositiveIntegerField()),
                ("complete", models.PositiveIntegerField()),
                ("fresh", models.PositiveIntegerField()),
                ("filled", models.PositiveBigIntegerField()),
                ("possible", models.PositiveBigIntegerField()),
                ("missing", models.JSONField(default=dict)),
                ("on", models.DateField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rollups", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "place"), name="rollup_once")],
            },
        ),
        migrations.RunSQL(MAKE, f"{DROP} DROP FUNCTION profiles_mark_tree();"),
    ]
