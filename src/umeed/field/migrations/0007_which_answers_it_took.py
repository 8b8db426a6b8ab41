"""Each answer to a phone has a number: a server that was put back under its own name does not know the last ones."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0006_what_is_only_there")]
    operations = [
        migrations.AddField(
            "device",
            "told_numbers",
            django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), default=list, size=None),
        ),
        migrations.AddField("device", "put_back_at", models.BigIntegerField(default=0)),
        # Written at each contact, and read by nobody.
        migrations.RemoveField("device", "told_cursor"),
    ]
