"""What must be known before a sheet is posted, in one question; and whom it lets see, asked once for it.

The second door used to be asked for every table that a sheet touches, and each time it went three times through what
the viewer reaches: three quarters of a sheet's time in the database. Now a function that works on one book asks once
whether the viewer reaches that book, refuses when not, and looks further as the product. Who reaches more than a
thousand places (a UT officer) goes through all books instead of finding each by its institution. The policies ask
`FROM umeed_books()`: PostgreSQL takes no question without a FROM into its parallel workers.

A closed month closes all before it: what is printed as on its last day stays so. A sheet's trigger looks at its lines
sheet by sheet, without sorting them. Rows of kept months are changed every week, so a page of them has room for that.
"""

from importlib import import_module

from django.db import migrations, models

guards = import_module("umeed.books.migrations.0002_the_ledger_guards_itself")

VIEWER = "viewer text := coalesce(current_setting('umeed.viewer', true), '');"
ASKED = """PERFORM books_reached(book);
    PERFORM set_config('umeed.viewer', 'system', true);"""
# About one book its best way is the same whichever it is; planning anew takes three times as long as looking.
PLANNED_ONCE = "SET plan_cache_mode = force_generic_plan"
ANSWERED = "PERFORM set_config('umeed.viewer', viewer, true);"

DOOR = """
CREATE OR REPLACE FUNCTION umeed_books() RETURNS SETOF integer LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 100 AS $$
DECLARE
    places bigint[] := ARRAY(SELECT umeed_places(false));
    institutions uuid[] := ARRAY(SELECT umeed_institutions(false));
BEGIN
    -- The policy of books_book says the same; what stands here only says where to look.
    IF cardinality(places) > 1000 THEN
        RETURN QUERY SELECT b.id FROM books_book b;
    ELSE
        RETURN QUERY SELECT b.id FROM books_book b WHERE b.institution_id IN (
            SELECT i.id FROM institutions_institution i WHERE i.place_id = ANY(places)
            UNION SELECT unnest(institutions));
    END IF;
END $$;
"""
AS_IT_WAS = """
CREATE OR REPLACE FUNCTION umeed_books() RETURNS SETOF integer LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 100 AS $$
BEGIN
    RETURN QUERY SELECT b.id FROM books_book b WHERE b.institution_id IN (
        SELECT i.id FROM institutions_institution i WHERE i.place_id IN (SELECT umeed_places(false))
        UNION SELECT umeed_institutions(false));
END $$;
"""

# From the book upwards: the place of its institution within those of the viewer, or the institution below hers.
REACHED = """
CREATE FUNCTION umeed_sees_book(book integer) RETURNS boolean LANGUAGE plpgsql STABLE COST 100 AS $$
DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), ''); kept_by uuid; lies_at bigint;
BEGIN
    IF viewer = 'system' THEN
        RETURN true;
    END IF;
    PERFORM set_config('umeed.viewer', 'system', true);
    SELECT i.id, i.place_id INTO kept_by, lies_at
        FROM books_book b JOIN institutions_institution i ON i.id = b.institution_id WHERE b.id = book;
    PERFORM set_config('umeed.viewer', viewer, true);
    RETURN EXISTS (SELECT FROM places_within w WHERE w.below_id = lies_at AND w.during @> umeed_today()
            AND w.above_id IN (SELECT umeed_roots(false)))
        OR kept_by IN (SELECT umeed_institutions(false));
END $$;
COMMENT ON FUNCTION umeed_sees_book(integer) IS 'Whether a book is one of umeed_books(), without looking at the others.';

CREATE FUNCTION books_reached(book integer) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT umeed_sees_book(book) THEN
        RAISE EXCEPTION 'book %: not among those that the viewer reaches', book USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
COMMENT ON FUNCTION books_reached(integer) IS 'Refuses a book that the viewer does not reach.';
"""
NOT_REACHED = """
DROP FUNCTION books_reached(integer);
DROP FUNCTION umeed_sees_book(integer);
"""

LOOKING = f"""
CREATE FUNCTION books_before(
    book integer, uid uuid, on_date date, women uuid[], loans bigint[],
    OUT sheet bigint, OUT digest bytea, OUT is_locked boolean, OUT members uuid[], OUT lent jsonb
) LANGUAGE plpgsql STABLE {PLANNED_ONCE} AS $$
DECLARE {VIEWER}
BEGIN
    {ASKED}
    SELECT s.id, s.digest INTO sheet, digest FROM books_sheet s WHERE s.uid = books_before.uid AND s.book_id = book;
    is_locked := EXISTS (SELECT FROM books_monthlock k WHERE k.book_id = book AND k.month >= books_month(on_date));
    members := ARRAY(SELECT m.woman_id FROM institutions_membership m
        WHERE m.institution_id = (SELECT b.institution_id FROM books_book b WHERE b.id = book) AND m.woman_id = ANY(women)
        GROUP BY m.woman_id HAVING min(lower(m.during)) <= on_date);
    lent := coalesce((SELECT jsonb_agg(jsonb_build_array(o.id, o.woman_id, o.body_id, o.twin_id IS NOT NULL))
        FROM books_loan o WHERE o.book_id = book AND o.id = ANY(loans)), '[]');
    {ANSWERED}
END $$;
COMMENT ON FUNCTION books_before IS 'What a book says of a sheet that is to be posted: known, its month, its women, its loans.';

CREATE FUNCTION books_lowest(
    book integer, since date, heads smallint[], women uuid[], loans bigint[], grows integer[], added bigint[]
) RETURNS TABLE (at bigint, paise numeric, day date) LANGUAGE plpgsql STABLE {PLANNED_ONCE} AS $$
#variable_conflict use_column
DECLARE {VIEWER}
    of_women boolean := EXISTS (SELECT FROM unnest(women) w WHERE w IS NOT NULL);
    of_the_book boolean := EXISTS (SELECT FROM unnest(women, loans) AS a (woman, loan) WHERE woman IS NULL AND loan IS NULL);
BEGIN
    {ASKED}
    -- Days before the first one count as one: they only say with what it begins. Signs as people say them.
    RETURN QUERY WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(heads, women, loans, grows) WITH ORDINALITY AS a (head, woman, loan, grow, at)
    ), hers AS MATERIALIZED (
        SELECT a.at, w.id AS woman FROM asked a CROSS JOIN LATERAL umeed_merged_women(umeed_kept_woman(a.woman)) AS w (id)
        WHERE a.woman IS NOT NULL
    ), moved AS (
        -- The box and the bank: kept months, then the lines since the first of this one.
        SELECT a.at, since AS day, (m.debit_paise - m.credit_paise) * a.grow AS paise
        FROM asked a JOIN books_movement m ON m.book_id = book AND m.head = a.head AND m.month < books_month(since)
        WHERE of_the_book AND a.woman IS NULL AND a.loan IS NULL
        UNION ALL
        SELECT a.at, greatest(s.on_date, since), l.amount_paise * a.grow
        FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id JOIN asked a ON a.head = l.head
        WHERE of_the_book AND a.woman IS NULL AND a.loan IS NULL
            AND s.book_id = book AND s.on_date >= date_trunc('month', since)::date
        UNION ALL
        SELECT a.at, greatest(s.on_date, since), l.amount_paise * a.grow
        FROM asked a JOIN books_line l ON l.loan_id = a.loan AND l.head = a.head JOIN books_sheet s ON s.id = l.sheet_id
        WHERE s.book_id = book
        UNION ALL
        SELECT a.at, greatest(s.on_date, since), l.amount_paise * a.grow
        FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
            JOIN hers h ON h.woman = l.woman_id JOIN asked a ON a.at = h.at AND a.head = l.head
        WHERE of_women AND s.book_id = book
        UNION ALL
        SELECT d.at, since, d.paise FROM unnest(added) WITH ORDINALITY AS d (paise, at)
    ), ends AS (
        SELECT m.at, m.day, sum(sum(m.paise)) OVER (PARTITION BY m.at ORDER BY m.day) AS paise FROM moved m GROUP BY m.at, m.day
    )
    SELECT DISTINCT ON (e.at) e.at, e.paise, e.day FROM ends e ORDER BY e.at, e.paise, e.day;
    {ANSWERED}
END $$;
COMMENT ON FUNCTION books_lowest IS 'The least that accounts of a book hold at the end of any day from a day on.';
"""
NOT_LOOKING = """
DROP FUNCTION books_lowest;
DROP FUNCTION books_before;
"""

BY_KEY = guards._by_key
WHOLE = f"""
CREATE OR REPLACE FUNCTION books_sheet_is_whole() RETURNS trigger LANGUAGE plpgsql {guards.ALL_SEEING} {guards.BY_KEY} AS $$
DECLARE uneven bigint; strange bigint; alone bigint;
{guards.BEGIN.removeprefix("DECLARE ")}
    PERFORM pg_advisory_xact_lock(7, bucket) FROM (SELECT DISTINCT (id & 255)::int AS bucket FROM posted ORDER BY 1) b;
    PERFORM pg_advisory_xact_lock_shared(8, bucket) FROM (SELECT DISTINCT book_id & 255 AS bucket FROM posted ORDER BY 1) b;
    -- One look at each line, with what it names, for all that its sheet must be.
    SELECT min(p.id) FILTER (WHERE seen.lines <> p.line_count OR seen.total <> 0 OR seen.is_elsewhere),
        min(p.id) FILTER (WHERE seen.is_strange),
        min(p.id) FILTER (WHERE p.event IS NULL AND p.kind <> 4 AND u.kind IS DISTINCT FROM 4
            AND (u.event IS NOT NULL OR seen.is_shared))
    INTO uneven, strange, alone
    FROM posted p LEFT JOIN {BY_KEY("books_sheet", "t.id = p.reverses_id", "u")} ON true
        CROSS JOIN LATERAL (
            SELECT count(*) AS lines, coalesce(sum(l.amount_paise), 0) AS total,
                bool_or(l.book_id <> p.book_id) AS is_elsewhere, bool_or(o.twin_id IS NOT NULL) AS is_shared,
                bool_or((l.loan_id IS NOT NULL AND (o.id IS NULL OR o.book_id <> l.book_id
                        OR (l.woman_id IS NOT NULL AND l.woman_id IS DISTINCT FROM o.woman_id
                            AND umeed_kept_woman(l.woman_id) IS DISTINCT FROM umeed_kept_woman(o.woman_id))
                        OR (l.body_id IS NOT NULL AND l.body_id IS DISTINCT FROM o.body_id)))
                    OR (l.woman_id IS NOT NULL
                        AND NOT EXISTS (SELECT FROM institutions_woman w WHERE w.id = l.woman_id OFFSET 0))
                    OR (l.body_id IS NOT NULL
                        AND NOT EXISTS (SELECT FROM institutions_institution i WHERE i.id = l.body_id OFFSET 0))
                ) AS is_strange
            FROM books_line l LEFT JOIN {BY_KEY("books_loan", "t.id = l.loan_id", "o")} ON true
            WHERE l.sheet_id = p.id
        ) seen;
    PERFORM books_refuse('its lines do not add up, are not as many as it says, or lie in another book', uneven);
    PERFORM books_refuse('a line names a loan of another book or woman, or somebody who is not there', strange);
    PERFORM books_refuse('its month is locked, or a later one', (
        SELECT p.id FROM posted p
            JOIN {BY_KEY("books_monthlock", "t.book_id = p.book_id AND t.month >= books_month(p.on_date)", "k")} ON true LIMIT 1));
    PERFORM books_refuse('is no mirror of the sheet that it reverses', (
        SELECT p.id FROM posted p LEFT JOIN {BY_KEY("books_sheet", "t.id = p.reverses_id AND t.book_id = p.book_id", "o")} ON true
        WHERE p.reverses_id IS NOT NULL AND (o.id IS NULL OR EXISTS (
            SELECT FROM books_line l WHERE l.sheet_id IN (p.id, o.id)
            GROUP BY l.head, l.woman_id, l.loan_id, l.body_id HAVING sum(l.amount_paise) <> 0)) LIMIT 1));
    PERFORM books_refuse('moves a loan between two bodies in one book alone', alone);
    INSERT INTO books_movement AS m (book_id, month, head, debit_paise, credit_paise)
        SELECT p.book_id, books_month(p.on_date), l.head,
            sum(greatest(l.amount_paise, 0)), sum(greatest(-l.amount_paise, 0))
        FROM posted p JOIN {guards.LINES} ON true GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (book_id, month, head) DO UPDATE
            SET debit_paise = m.debit_paise + excluded.debit_paise, credit_paise = m.credit_paise + excluded.credit_paise;
{guards.END} $$;
"""
_BEGINS = guards.GUARDS.index("CREATE FUNCTION books_sheet_is_whole()")
_ENDS = guards.GUARDS.index("CREATE TRIGGER sheet_is_whole")
AS_WHOLE_AS_BEFORE = guards.GUARDS[_BEGINS:_ENDS].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

PUT = """
CREATE OR REPLACE FUNCTION books_put(
    book integer, uid uuid, on_date date, kind smallint, event uuid, reverses bigint, digest bytea, recorded_by text,
    heads smallint[], amounts bigint[], women uuid[], loans bigint[], bodies uuid[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE sheet bigint := nextval('books_sheet_id_seq');@viewer
BEGIN@asked
    INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise, woman_id, loan_id, body_id)
        SELECT sheet, l.position, book, l.head, l.amount, l.woman, l.loan, l.body
        FROM unnest(heads, amounts, women, loans, bodies) WITH ORDINALITY AS l (head, amount, woman, loan, body, position);
    INSERT INTO books_sheet (id, uid, book_id, on_date, kind, line_count, event, reverses_id, digest, recorded_by)
        VALUES (sheet, uid, book, on_date, kind, cardinality(heads), event, reverses, digest, recorded_by);@answered
    RETURN sheet;
END $$;
"""


def _put(viewer: str = "", asked: str = "", answered: str = "") -> str:
    return PUT.replace("@viewer", viewer).replace("@asked", asked).replace("@answered", answered)


SEEN = (
    "sheet", "line", "movement", "monthlock", "loan", "agreement", "loanrequest", "loandecision", "bylaw", "meeting",
    "openmeeting", "cutoff", "clash", "grading",
)  # fmt: skip


def _policies(asked: str) -> str:
    door = f"(SELECT umeed_viewer_is_system()) OR book_id IN ({asked})"
    return "".join(f"ALTER POLICY books_{one}_seen ON books_{one} USING ({door}) WITH CHECK ({door});" for one in SEEN)


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0005_terms_stay_and_linked_loans_agree"),
        ("institutions", "0013_a_short_second_door"),
        ("access", "0003_roots_of_the_viewer"),
    ]
    operations = [
        migrations.RunSQL(DOOR, AS_IT_WAS),
        migrations.RunSQL(_policies("SELECT b FROM umeed_books() b"), _policies("SELECT umeed_books()")),
        migrations.RunSQL(REACHED, NOT_REACHED),
        # What a loan is owed on any day, without reading its whole book.
        migrations.AddIndex(
            "line", models.Index(fields=["loan"], condition=models.Q(loan__isnull=False), name="line_of_loan")
        ),
        # Which sheets are of some days, for all books or those that one sees, without opening the sheets.
        migrations.AddIndex("sheet", models.Index(fields=["on_date"], include=["id", "book"], name="sheet_by_day")),
        migrations.RunSQL(WHOLE, AS_WHOLE_AS_BEFORE),
        migrations.RunSQL(
            "ALTER TABLE books_movement SET (fillfactor = 75)", "ALTER TABLE books_movement RESET (fillfactor)"
        ),
        migrations.RunSQL(LOOKING, NOT_LOOKING),
        migrations.RunSQL(_put(f" {VIEWER}", f"\n    {ASKED}", f"\n    {ANSWERED}"), _put()),
    ]
