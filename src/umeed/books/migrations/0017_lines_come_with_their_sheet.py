"""A sheet and its lines are written by one statement: a line that comes before, later or beside it is refused at once.

Lines used to come first and the sheet last. Until the sheet came they stood alone, so both took a lock on the sheet's number
against other sessions, and a look at the end of the transaction had to find those that never got one. Now a line is
taken only with a sheet that the same command wrote: PostgreSQL keeps with each row which transaction (xmin) and which
command in it (cmin) wrote it. No state lies between, so nobody can step into one: a seventh less of a load's time, and
two sessions that post several sheets each no longer wait for each other.
"""

from importlib import import_module

from django.db import migrations

guards = import_module("umeed.books.migrations.0002_the_ledger_guards_itself")
one_look = import_module("umeed.books.migrations.0006_one_look_before_a_sheet")
one_pass = import_module("umeed.books.migrations.0009_a_sheet_is_proven_in_one_pass")
of_the_book = import_module("umeed.books.migrations.0014_a_woman_of_the_book")

TOGETHER = f"""
DROP TRIGGER line_has_its_sheet ON books_line;
DROP FUNCTION books_line_has_its_sheet();
DROP TRIGGER line_joins_no_sheet ON books_line;
DROP FUNCTION books_line_joins_no_sheet();

CREATE FUNCTION books_line_comes_with_its_sheet() RETURNS trigger LANGUAGE plpgsql {one_pass.ALL_SEEING} AS $$
DECLARE late bigint; lone bigint; {one_pass.VIEWER}
BEGIN
    {one_pass.LOOK}
    SELECT min(s.id) FILTER (WHERE (s.xmin, s.cmin) IS DISTINCT FROM (l.xmin, l.cmin)), min(p.id) FILTER (WHERE s.id IS NULL)
    INTO late, lone
    -- All lines of one statement are of one command: one of each sheet answers for the others.
    FROM (SELECT sheet_id AS id, min(position) AS position FROM posted GROUP BY 1) p
        LEFT JOIN LATERAL (SELECT t.xmin, t.cmin, t.id FROM books_sheet t WHERE t.id = p.id OFFSET 0) s ON true
        LEFT JOIN LATERAL (SELECT t.xmin, t.cmin FROM books_line t
            WHERE t.sheet_id = p.id AND t.position = p.position OFFSET 0) l ON true;
    IF late IS NOT NULL OR lone IS NOT NULL THEN
        PERFORM books_refuse('is posted, a line comes too late', late);
        PERFORM books_refuse('is not written with its lines', lone);
    END IF;
    {one_pass.LOOKED}
    RETURN NULL;
END $$;
CREATE TRIGGER line_comes_with_its_sheet AFTER INSERT ON books_line
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION books_line_comes_with_its_sheet();
"""
_MADE = guards.GUARDS
_LINE_TRIGGERS = [
    one_pass._part(_MADE, "CREATE TRIGGER line_joins_no_sheet", "CREATE FUNCTION books_line_has_its_sheet"),
    one_pass._part(_MADE, "CREATE CONSTRAINT TRIGGER line_has_its_sheet", "CREATE FUNCTION books_sheet_is_whole"),
]
APART = "".join(
    (
        "DROP TRIGGER line_comes_with_its_sheet ON books_line; DROP FUNCTION books_line_comes_with_its_sheet();",
        one_pass._part(
            one_pass.GUARDS,
            "CREATE OR REPLACE FUNCTION books_line_joins_no_sheet",
            "CREATE OR REPLACE FUNCTION books_sheet_is_whole",
        ),
        *_LINE_TRIGGERS,
    )
)

WHOLE = of_the_book._instead(
    of_the_book.OF_THE_BOOK,
    (
        one_pass._part(of_the_book.OF_THE_BOOK, "    -- First what nobody", "    -- One look at each line"),
        "    -- Nobody closes a month of these books beside.\n"
        "    PERFORM pg_advisory_xact_lock_shared(8, bucket)\n"
        "        FROM (SELECT DISTINCT book_id & 255 AS bucket FROM posted ORDER BY 1) b;\n",
    ),
)  # fmt: skip

BEFORE = one_look._put(f" {one_look.VIEWER}", f"\n    {one_look.ASKED}", f"\n    {one_look.ANSWERED}")
# What answers nothing is assigned too: an assignment begins no question.
PUT = of_the_book._instead(
    one_look._put(f" {one_pass.VIEWER}", f"\n    told := books_reached(book);\n    {one_pass.LOOK}", f"\n    {one_pass.LOOKED}"),
    ("    INSERT INTO books_line", "    WITH line AS (INSERT INTO books_line"),
    ("body, position);", "body, position))"),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("books", "0016_interest_to_come_is_let_go")]
    operations = [
        migrations.RunSQL(TOGETHER, APART),
        migrations.RunSQL(WHOLE, of_the_book.OF_THE_BOOK),
        migrations.RunSQL(PUT, BEFORE),
    ]
