"""Whoever reaches a book is asked for it once a transaction, not for each of its tables in each question.

A page of a book asks ten to thirty questions, each of several tables, and for every one of them row security went through
all that the viewer reaches: a member's passbook took 2 ms, of which 0.3 were its own. Now the page opens the book: the
database looks whether this viewer reaches it, and remembers so until the transaction ends, for this viewer alone.
"""

from importlib import import_module

from django.db import migrations

one_look = import_module("umeed.books.migrations.0006_one_look_before_a_sheet")
one_pass = import_module("umeed.books.migrations.0009_a_sheet_is_proven_in_one_pass")

OPEN = """
CREATE FUNCTION umeed_open_book() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN starts_with(current_setting('umeed.book', true), current_setting('umeed.viewer', true) || '/')
        THEN split_part(current_setting('umeed.book', true), '/', 2)::integer END
$$;
COMMENT ON FUNCTION umeed_open_book() IS 'The book that was opened in this transaction to the viewer of now; NULL when none.';

CREATE FUNCTION umeed_opens_book(book integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE told text;
BEGIN
    IF NOT umeed_sees_book(book) THEN
        RETURN false;
    END IF;
    told := set_config('umeed.book', coalesce(current_setting('umeed.viewer', true), '') || '/' || book, true);
    RETURN true;
END $$;
COMMENT ON FUNCTION umeed_opens_book(integer) IS
    'Opens a book to the viewer until the transaction ends, in place of the one that was open; false when out of reach.';
"""
NOT_OPEN = "DROP FUNCTION umeed_opens_book(integer); DROP FUNCTION umeed_open_book();"

_HELD = one_pass._part(one_pass.REACHED, "CREATE FUNCTION books_held", "COMMENT ON FUNCTION books_held", anew=True)
HELD = _HELD.replace("umeed_sees_book", "umeed_opens_book")

_SEES = one_pass._part(
    one_pass.REACHED, "CREATE OR REPLACE FUNCTION umeed_sees_book", "CREATE FUNCTION umeed_federated_above"
)
SEES = _SEES.replace("IF viewer = 'system' THEN", "IF viewer = 'system' OR umeed_open_book() = book THEN")

# The order in which it is asked: the first that holds answers, and the list of all books is made for none of them.
_IS_OPEN = "(SELECT umeed_viewer_is_system()) OR {book} = (SELECT umeed_open_book()) OR {reached}"
_BEFORE = "(SELECT umeed_viewer_is_system()) OR {reached}"
_REACHED = {
    "books_book": ("id", "EXISTS (SELECT 1 FROM institutions_institution i WHERE i.id = institution_id)"),
    **{f"books_{one}": ("book_id", "book_id IN (SELECT b FROM umeed_books() b)") for one in one_look.SEEN},
}


def _policies(door: str) -> str:
    said = {table: door.format(book=book, reached=reached) for table, (book, reached) in _REACHED.items()}
    return "".join(
        f"ALTER POLICY {table}_seen ON {table} USING ({seen}) WITH CHECK ({seen});" for table, seen in said.items()
    )


class Migration(migrations.Migration):
    dependencies = [("books", "0010_a_loan_has_its_number")]
    operations = [
        migrations.RunSQL(OPEN, NOT_OPEN),
        migrations.RunSQL(SEES, _SEES),
        migrations.RunSQL(HELD, _HELD),
        migrations.RunSQL(_policies(_IS_OPEN), _policies(_BEFORE)),
    ]
