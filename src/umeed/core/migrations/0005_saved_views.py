"""Saved views of registers: one person's addresses under names."""

import django.utils.timezone
from django.db import migrations, models

import umeed.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("core", "0004_loads")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=umeed.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("owner", models.CharField(max_length=64)),
                ("register", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("query", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "register", "name"), name="view_named_once")],
            },
        ),
    ]
