"""Women of a village by the sound of their names: every row of a load asks for those who could be the same woman."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0006_indexes_that_answer_nothing")]
    operations = [
        migrations.AddIndex(
            model_name="woman", index=models.Index(fields=["place", "name_key"], name="woman_by_sound")
        ),
    ]
