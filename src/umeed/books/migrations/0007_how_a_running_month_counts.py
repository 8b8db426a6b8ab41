"""How a month that runs counts when a loan with interest on the balance is repaid before it is over.

Rules that a group wrote before this count by the days from now on: who keeps the money for a week pays for a week. Loans
that were lent before keep what they were counted by, so that what was asked for on a past day stays what it was.
"""

from django.db import migrations, models

WAYS = [("days", "By the days"), ("whole", "A month begun counts whole"), ("due", "None before the due day")]


class Migration(migrations.Migration):
    dependencies = [("books", "0006_one_look_before_a_sheet")]
    operations = [
        migrations.AddField(
            model_name="agreement",
            name="part_month",
            field=models.CharField(
                choices=WAYS, db_default="due", default="due", max_length=5, verbose_name="A month that is not over"
            ),
        ),
        migrations.AddField(
            model_name="bylaw",
            name="part_month",
            field=models.CharField(
                choices=WAYS,
                db_default="days",
                default="days",
                max_length=5,
                verbose_name="Interest for a month that is not over",
            ),
        ),
    ]
