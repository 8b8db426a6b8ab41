"""The offices of a woman are found through the guard that keeps them apart: her own column comes first in it."""

import django.contrib.postgres.constraints
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0008_ties_read_from_indexes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="officeterm",
            name="one_office_a_person",
        ),
        migrations.AddConstraint(
            model_name="officeterm",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("woman", "="), ("institution", "="), ("during", "&&")],
                name="one_office_a_person",
            ),
        ),
    ]
