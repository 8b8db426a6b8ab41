"""A sheet is of a kind that there is, a line of an amount that there can be: until now the product alone looked at it.

Of what comes from now on; what is there is looked at in 0020, in a transaction of its own: there the tables are locked
against nobody who reads or posts.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

MOST_PAISE = 10**15


class Migration(migrations.Migration):
    dependencies = [("books", "0018_interest_that_had_run")]
    operations = [
        AddConstraintNotValid(
            "sheet", models.CheckConstraint(condition=models.Q(kind__range=(1, 6)), name="sheet_of_a_known_kind")
        ),
        AddConstraintNotValid(
            "line",
            models.CheckConstraint(
                condition=models.Q(amount_paise__range=(-MOST_PAISE, MOST_PAISE)), name="line_of_an_amount_there_can_be"
            ),
        ),
    ]
