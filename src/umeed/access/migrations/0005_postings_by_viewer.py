"""The second door knows the viewer as text: without this it read all postings for every question."""

from django.db import migrations, models
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [("access", "0004_a_newer_link_ends_the_older")]
    operations = [
        migrations.AddIndex("posting", models.Index(Cast("user_id", models.TextField()), name="posting_by_viewer")),
    ]
