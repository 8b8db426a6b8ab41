"""The number of a loan's sanction or account stands by itself, beside who lent it: loans written before say it there.

It stays as it was written, like all else of how a loan was lent.
"""

from importlib import import_module

from django.db import migrations, models

held = import_module("umeed.books.migrations.0008_what_was_held_stays")

_WHEN = held.LOANS[held.LOANS.index("CREATE TRIGGER loan_stays_as_lent") :]
_ANEW = "DROP TRIGGER loan_stays_as_lent ON books_loan;\n"
WITH_THE_NUMBER = _WHEN.replace("OLD.lender,", "OLD.lender, OLD.number,")
WITH_THE_NUMBER = WITH_THE_NUMBER.replace("NEW.lender,", "NEW.lender, NEW.number,")


class Migration(migrations.Migration):
    dependencies = [("books", "0009_a_sheet_is_proven_in_one_pass")]
    operations = [
        migrations.AddField(
            model_name="loan",
            name="number",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="Number of the sanction or account",
            ),
        ),
        migrations.RunSQL(_ANEW + WITH_THE_NUMBER, _ANEW + _WHEN),
    ]
