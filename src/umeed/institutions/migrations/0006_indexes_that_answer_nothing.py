"""Indexes that answer nothing go: each costs on every row written.

Trigrams (a fifth of the time of a load): LIKE is not leakproof, so under row security PostgreSQL never uses them; what
makes search quick is the place (core/registers/search.py). The others are the first column of a wider index.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0005_row_security_by_functions"),
        ("places", "0002_changes_know_their_load"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="bankaccount",
            name="account_by_institution",
        ),
        migrations.RemoveIndex(
            model_name="household",
            name="household_by_place",
        ),
        migrations.RemoveIndex(
            model_name="institution",
            name="institution_name_trgm",
        ),
        migrations.RemoveIndex(
            model_name="institution",
            name="institution_key_trgm",
        ),
        migrations.RemoveIndex(
            model_name="woman",
            name="woman_name_trgm",
        ),
        migrations.RemoveIndex(
            model_name="woman",
            name="woman_key_trgm",
        ),
        migrations.AlterField(
            model_name="institution",
            name="place",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="institutions",
                to="places.place",
                verbose_name="Village",
            ),
        ),
        migrations.AlterField(
            model_name="woman",
            name="place",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="women",
                to="places.place",
                verbose_name="Village",
            ),
        ),
    ]
