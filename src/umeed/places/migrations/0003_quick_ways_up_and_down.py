"""The closure's guard is folded into one number, so that no question about `below` alone takes its index; the two ways
through the tree carry their days, so that they are answered from the index.
"""

import django.contrib.postgres.constraints
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0002_changes_know_their_load"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="within",
            name="within_once_at_a_time",
        ),
        migrations.RemoveIndex(
            model_name="within",
            name="within_down",
        ),
        migrations.RemoveIndex(
            model_name="within",
            name="within_up",
        ),
        migrations.AddIndex(
            model_name="within",
            index=models.Index(fields=["above", "below"], include=("during",), name="within_down"),
        ),
        migrations.AddIndex(
            model_name="within",
            index=models.Index(fields=["below", "above"], include=("during",), name="within_up"),
        ),
        migrations.AddConstraint(
            model_name="within",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("above"), "*", models.Value(4294967296)
                            ),
                            "+",
                            models.F("below"),
                        ),
                        "=",
                    ),
                    ("during", "&&"),
                ],
                name="within_once_at_a_time",
            ),
        ),
    ]
