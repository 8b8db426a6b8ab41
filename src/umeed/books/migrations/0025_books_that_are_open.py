"""Several books are opened to whoever reaches them, as one was: asked once a transaction, not for each table of each question.

A phone is told of ten books at once, by thirty questions of tables that row security guards one by one: each went through all
that its bookkeeper reaches, two thirds of all that PostgreSQL did for them. The look at each book is the same as before.
"""

from importlib import import_module

from django.db import migrations

is_open = import_module("umeed.books.migrations.0011_a_book_that_is_open")

_OPEN = "starts_with(current_setting('umeed.book', true), current_setting('umeed.viewer', true) || '/')"
OPEN = f"""
CREATE FUNCTION umeed_open_books() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN {_OPEN}
        THEN string_to_array(split_part(current_setting('umeed.book', true), '/', 2), ',')::integer[] END
$$;
COMMENT ON FUNCTION umeed_open_books() IS 'The books that were opened in this transaction to the viewer of now; NULL when none.';

CREATE FUNCTION umeed_opens_books(books integer[]) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    reached integer[] := ARRAY(SELECT b FROM unnest(books) AS b WHERE umeed_sees_book(b));
    told text := set_config('umeed.book',
        coalesce(current_setting('umeed.viewer', true), '') || '/' || array_to_string(reached, ','), true);
BEGIN
    RETURN reached;
END $$;
COMMENT ON FUNCTION umeed_opens_books(integer[]) IS
    'Opens books to the viewer until the transaction ends, in place of what was open; those out of reach are left out.';
"""
NOT_OPEN = "DROP FUNCTION umeed_opens_books(integer[]); DROP FUNCTION umeed_open_books();"

SEES = is_open.SEES.replace("umeed_open_book() = book", "book = ANY (umeed_open_books())")

_TABLES = {**is_open._REACHED, "books_creditlimit": ("book_id", "book_id IN (SELECT b FROM umeed_books() b)")}
_AMONG = "(SELECT umeed_viewer_is_system()) OR {book} = ANY ((SELECT umeed_open_books())::integer[]) OR {reached}"


def _policies(door):
    said = {table: door.format(book=book, reached=reached) for table, (book, reached) in _TABLES.items()}
    return "".join(
        f"ALTER POLICY {table}_seen ON {table} USING ({seen}) WITH CHECK ({seen});" for table, seen in said.items()
    )


class Migration(migrations.Migration):
    dependencies = [("books", "0024_groups_that_she_keeps")]
    operations = [
        migrations.RunSQL(OPEN, NOT_OPEN),
        migrations.RunSQL(SEES, is_open.SEES),
        migrations.RunSQL(_policies(_AMONG), _policies(is_open._IS_OPEN)),
        migrations.RunSQL(
            "DROP FUNCTION umeed_open_book();", is_open.OPEN.partition("CREATE FUNCTION umeed_opens_book(")[0]
        ),
    ]
