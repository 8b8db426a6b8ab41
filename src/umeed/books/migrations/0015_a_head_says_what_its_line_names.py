"""What a line names is checked by one look at its head, in place of searching four lists for it: a twelfth of a load's time.

The list has a place for every number of the chart: which of woman, loan and body its line names, added up; nothing is
added up so for a number that is no head, and there is no place beyond the last.
"""

from importlib import import_module

from django.db import migrations

guards = import_module("umeed.books.migrations.0002_the_ledger_guards_itself")
one_pass = import_module("umeed.books.migrations.0009_a_sheet_is_proven_in_one_pass")

FIRST, NO_HEAD = 100, 8
WORTH = {"woman": 1, "loan": 2, "body": 4}
NAMED = " + ".join(f"{worth} * ({about}_id IS NOT NULL)::int" for about, worth in WORTH.items())


def _worth(head: int) -> int:
    if head not in guards.HEADS:
        return NO_HEAD
    return sum(worth for about, worth in WORTH.items() if head in guards.ABOUT[about])


PLACES = ",".join(str(_worth(head)) for head in range(FIRST + 1, max(guards.HEADS) + 1))
ONE_LOOK = f"""
ALTER TABLE books_line DROP CONSTRAINT line_under_a_head,
    DROP CONSTRAINT line_names_its_woman, DROP CONSTRAINT line_names_its_loan, DROP CONSTRAINT line_names_its_body,
    ADD CONSTRAINT line_names_what_its_head_asks
        CHECK (coalesce(('{{{PLACES}}}'::smallint[])[head - {FIRST}], {NO_HEAD}) = {NAMED});
"""
FOUR_LISTS = one_pass._chart(one_pass._as_one_value).replace(
    "DROP CONSTRAINT line_under_a_head, DROP CONSTRAINT line_names_its_woman, DROP CONSTRAINT line_names_its_loan,"
    " DROP CONSTRAINT line_names_its_body",
    "DROP CONSTRAINT line_names_what_its_head_asks",
)


class Migration(migrations.Migration):
    dependencies = [("books", "0014_a_woman_of_the_book")]
    operations = [migrations.RunSQL(ONE_LOOK, FOUR_LISTS)]
