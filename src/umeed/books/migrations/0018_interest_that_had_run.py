"""Of a loan that is agreed anew beside what was due of its interest: what had only run by then, and falls due later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0017_lines_come_with_their_sheet")]
    operations = [
        migrations.AddField(
            model_name="agreement",
            name="run_paise",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="Interest that has run"),
        ),
    ]
