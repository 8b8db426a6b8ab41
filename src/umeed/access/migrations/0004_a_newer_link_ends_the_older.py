"""How many links to set a password were given: a link is bound to the count, so that only the newest one works."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_roots_of_the_viewer")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="links_given",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
