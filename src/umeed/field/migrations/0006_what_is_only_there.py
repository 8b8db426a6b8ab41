"""A phone tells what is on it alone: when it forgets, the office knows what went with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0005_marks_say_what")]
    operations = [
        migrations.AddField("device", name, models.PositiveIntegerField(default=0))
        for name in ("told_drafts", "told_pictures")
    ]
