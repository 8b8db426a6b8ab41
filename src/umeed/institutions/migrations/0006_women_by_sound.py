"""Women of a village by the sound of their names: every row of a load asks for those who could be the same woman."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0005_row_security_by_functions")]
    operations = [
        migrations.AddIndex(
            model_name="woman", index=models.Index(fields=["place", "name_key"], name="woman_by_sound")
        ),
    ]
