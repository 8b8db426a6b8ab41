"""A phone that does not agree with the server, however often it asks, and one that should forget and cannot: since
when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0007_which_answers_it_took")]
    operations = [
        migrations.AddField("device", "told_differs", models.PositiveIntegerField(default=0)),
        migrations.AddField("device", "differs_since", models.DateTimeField(null=True, blank=True)),
        migrations.AddField("device", "wipe_waits_since", models.DateTimeField(null=True, blank=True)),
    ]
