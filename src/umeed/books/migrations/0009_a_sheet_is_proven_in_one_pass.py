"""All that a sheet must be is looked at in one pass over its lines; what asked several times for the same asks once.

Nothing is refused that was not, and nothing let through: the guards of 0002, 0006 and 0008 took half of a sheet's time to
begin and end seventeen small questions. Now the sheet's trigger asks one, and others only of a sheet that reverses
another or has something with another body. The chart's checks name their heads as one value, which is read once; as a list each number was read anew
for every statement.

Whether a viewer reaches a book is asked from the book upwards, over its federation too. What a wide reach leaves out is
told, since that is little: a UT officer sees all books of 93,000 but some dozens.
"""

from importlib import import_module

from django.db import migrations

guards = import_module("umeed.books.migrations.0002_the_ledger_guards_itself")
one_look = import_module("umeed.books.migrations.0006_one_look_before_a_sheet")
held = import_module("umeed.books.migrations.0008_what_was_held_stays")

BY_KEY = guards._by_key
ALL_SEEING = f"{guards.ALL_SEEING} {guards.BY_KEY}"
# Told by an assignment, which PostgreSQL works out without beginning a question.
VIEWER = "viewer text := coalesce(current_setting('umeed.viewer', true), ''); told text;"
LOOK, LOOKED = (f"told := set_config('umeed.viewer', {viewer}, true);" for viewer in ("'system'", "viewer"))

GUARDS = f"""
CREATE OR REPLACE FUNCTION books_line_joins_no_sheet() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
DECLARE late bigint; headless bigint; {VIEWER}
BEGIN
    {LOOK}
    PERFORM pg_advisory_xact_lock(7, bucket) FROM (SELECT DISTINCT (sheet_id & 255)::int AS bucket FROM posted ORDER BY 1) b;
    SELECT min(s.id), min(p.id) FILTER (WHERE f.sheet_id IS NULL) INTO late, headless
    FROM (SELECT DISTINCT sheet_id AS id FROM posted) p
        LEFT JOIN {BY_KEY("books_sheet", "t.id = p.id", "s")} ON true
        LEFT JOIN {BY_KEY("books_line", "t.sheet_id = p.id AND t.position = 1", "f")} ON true;
    IF late IS NOT NULL OR headless IS NOT NULL THEN
        PERFORM books_refuse('is posted, a line comes too late', late);
        PERFORM books_refuse('has no first line', headless);
    END IF;
    {LOOKED}
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION books_line_has_its_sheet() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
DECLARE {VIEWER}
BEGIN
    {LOOK}
    IF NOT EXISTS (SELECT FROM books_sheet s WHERE s.id = NEW.sheet_id) THEN
        PERFORM books_refuse('is not there, but lines of it', NEW.sheet_id);
    END IF;
    {LOOKED}
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION books_sheet_is_whole() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
DECLARE seen record; {VIEWER}
BEGIN
    {LOOK}
    -- First what nobody may post beside: lines of the same sheets, then (shared) months of the same books.
    PERFORM CASE family WHEN 7 THEN pg_advisory_xact_lock(7, bucket) ELSE pg_advisory_xact_lock_shared(8, bucket) END
    FROM (SELECT 7 AS family, (id & 255)::int AS bucket FROM posted UNION SELECT 8, book_id & 255 FROM posted ORDER BY 1, 2) b;
    -- One look at each line, with what it names.
    SELECT min(p.id) FILTER (WHERE p.on_date < b.opened_on) AS early,
        min(p.id) FILTER (WHERE l.lines <> p.line_count OR l.total <> 0 OR l.is_elsewhere) AS uneven,
        min(p.id) FILTER (WHERE l.is_strange) AS strange,
        min(p.id) FILTER (WHERE EXISTS (SELECT FROM books_monthlock k
            WHERE k.book_id = p.book_id AND k.month >= books_month(p.on_date) OFFSET 0)) AS locked,
        min(p.id) FILTER (WHERE p.event IS NULL AND p.kind <> 4 AND u.kind IS DISTINCT FROM 4
            AND (u.event IS NOT NULL OR l.is_shared)) AS alone,
        count(p.reverses_id) AS mirrors,
        count(*) FILTER (WHERE l.is_between AND p.event IS NULL AND p.kind <> 4 AND p.reverses_id IS NULL) AS between_bodies
    INTO seen
    FROM posted p
        LEFT JOIN {BY_KEY("books_book", "t.id = p.book_id", "b")} ON true
        LEFT JOIN {BY_KEY("books_sheet", "t.id = p.reverses_id", "u")} ON true
        CROSS JOIN LATERAL (
            SELECT count(*) AS lines, coalesce(sum(l.amount_paise), 0) AS total,
                bool_or(l.book_id <> p.book_id) AS is_elsewhere, bool_or(o.twin_id IS NOT NULL) AS is_shared,
                bool_or(l.body_id IS NOT NULL AND l.head IN {guards.ALONE}) AS is_between,
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
        ) l;
    IF coalesce(seen.early, seen.uneven, seen.strange, seen.locked, seen.alone) IS NOT NULL THEN
        PERFORM books_refuse('is of a day before its book began', seen.early);
        PERFORM books_refuse('its lines do not add up, are not as many as it says, or lie in another book', seen.uneven);
        PERFORM books_refuse('a line names a loan of another book or woman, or somebody who is not there', seen.strange);
        PERFORM books_refuse('its month is locked, or a later one', seen.locked);
        PERFORM books_refuse('moves a loan between two bodies in one book alone', seen.alone);
    END IF;
    IF seen.mirrors > 0 THEN
        PERFORM books_refuse('is no mirror of the sheet that it reverses', (
            SELECT p.id FROM posted p LEFT JOIN {BY_KEY("books_sheet", "t.id = p.reverses_id AND t.book_id = p.book_id", "o")} ON true
            WHERE p.reverses_id IS NOT NULL AND (o.id IS NULL OR EXISTS (
                SELECT FROM books_line l WHERE l.sheet_id IN (p.id, o.id)
                GROUP BY l.head, l.woman_id, l.loan_id, l.body_id HAVING sum(l.amount_paise) <> 0)) LIMIT 1));
    END IF;
    IF seen.between_bodies > 0 THEN
        PERFORM books_refuse('is between two bodies that both keep a book, and stands in one of them alone', (
            SELECT p.id FROM posted p JOIN {guards.LINES} ON l.head IN {guards.ALONE}
                JOIN {BY_KEY("books_book", "t.institution_id = l.body_id", "b")} ON b.opened_on <= p.on_date
            WHERE p.event IS NULL AND p.kind <> 4 AND p.reverses_id IS NULL LIMIT 1));
    END IF;
    INSERT INTO books_movement AS m (book_id, month, head, debit_paise, credit_paise)
        SELECT p.book_id, books_month(p.on_date), l.head,
            sum(greatest(l.amount_paise, 0)), sum(greatest(-l.amount_paise, 0))
        FROM posted p JOIN {guards.LINES} ON true GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (book_id, month, head) DO UPDATE
            SET debit_paise = m.debit_paise + excluded.debit_paise, credit_paise = m.credit_paise + excluded.credit_paise;
    {LOOKED}
    RETURN NULL;
END $$;

DROP TRIGGER what_is_between_is_shared ON books_sheet;
DROP FUNCTION books_what_is_between_is_shared();
DROP TRIGGER sheet_is_in_its_time ON books_sheet;
DROP FUNCTION books_sheet_is_in_its_time();
"""


def _part(of: str, begins: str, ends: str, *, anew: bool = False) -> str:
    """What a landed migration says from one word to another; `anew` when the function stands meanwhile."""
    part = of[of.index(begins) : of.index(ends)]
    return part.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") if anew else part


GUARDS_BEFORE = "".join((
    _part(guards.GUARDS, "CREATE FUNCTION books_line_joins_no_sheet", "CREATE TRIGGER line_joins_no_sheet", anew=True),
    _part(guards.GUARDS, "CREATE FUNCTION books_line_has_its", "CREATE CONSTRAINT TRIGGER line_has_its", anew=True),
    one_look.WHOLE,
    _part(guards.GUARDS, "CREATE FUNCTION books_what_is_between", "CREATE FUNCTION books_twins_agree"),
    _part(held.TIME, "CREATE FUNCTION books_sheet_is_in_its_time", "-- Of what is posted from now on"),
))  # fmt: skip


def _chart(spell) -> str:
    """The chart's checks, in one look at the lines that are there."""
    checks = {"line_under_a_head": spell(guards.HEADS)} | {
        f"line_names_its_{about}": f"({spell(heads)}) = ({about}_id IS NOT NULL)"
        for about, heads in guards.ABOUT.items()
    }
    dropped = [f"DROP CONSTRAINT {name}" for name in checks]
    added = [f"ADD CONSTRAINT {name} CHECK ({check})" for name, check in checks.items()]
    return f"ALTER TABLE books_line {', '.join([*dropped, *added])}"


def _as_one_value(heads) -> str:
    return f"head = ANY ('{{{','.join(map(str, heads))}}}'::smallint[])"


def _as_a_list(heads) -> str:
    return f"head IN {heads}"


REACHED = f"""
CREATE OR REPLACE FUNCTION umeed_sees_book(book integer) RETURNS boolean LANGUAGE plpgsql STABLE COST 100 AS $$
DECLARE {VIEWER} seen boolean;
BEGIN
    IF viewer = 'system' THEN
        RETURN true;
    END IF;
    {LOOK}
    SELECT EXISTS (
        SELECT FROM access_posting p JOIN access_user u ON u.id = p.user_id AND u.is_active
        WHERE p.user_id::text = viewer AND p.during @> umeed_today() AND (
            p.place_id IN (SELECT w.above_id FROM places_within w WHERE w.below_id = i.place_id AND w.during @> umeed_today())
            OR p.institution_id IN (SELECT umeed_federated_above(i.id, umeed_today()))
        )
    ) INTO seen FROM books_book b JOIN institutions_institution i ON i.id = b.institution_id WHERE b.id = book;
    {LOOKED}
    RETURN coalesce(seen, false);
END $$;

CREATE FUNCTION umeed_federated_above(institution uuid, day date) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 3 AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE above(id) AS (
        SELECT institution
        UNION
        SELECT f.above_id FROM above JOIN institutions_federation f ON f.member_id = above.id AND f.during @> day
    ) SELECT above.id FROM above;
END $$;
COMMENT ON FUNCTION umeed_federated_above(uuid, date) IS 'The institution, and all that it is federated in on a day.';

CREATE FUNCTION books_held(
    book integer, day date, OUT opened_on date, OUT kept_by institutions_institution, OUT places bigint[], OUT above uuid[]
) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE {VIEWER}
BEGIN
    IF NOT umeed_sees_book(book) THEN
        RETURN;
    END IF;
    {LOOK}
    SELECT b.opened_on INTO opened_on FROM books_book b WHERE b.id = book FOR UPDATE;
    IF FOUND THEN
        SELECT i.* INTO kept_by FROM institutions_institution i JOIN books_book b ON b.institution_id = i.id WHERE b.id = book;
        places := ARRAY(SELECT w.above_id FROM places_within w WHERE w.below_id = (kept_by).place_id AND w.during @> day);
        above := ARRAY(SELECT umeed_federated_above((kept_by).id, day));
        RETURN NEXT;
    END IF;
    {LOOKED}
END $$;
COMMENT ON FUNCTION books_held(integer, date) IS
    'A book that the viewer reaches, locked; whose it is, and the places and institutions above that on a day.';

CREATE FUNCTION umeed_books_left_out() RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    {VIEWER} outside integer[];
    places bigint[]; elsewhere bigint[]; institutions uuid[];
BEGIN
    IF viewer = 'system' THEN
        RETURN '{{}}';
    END IF;
    places := ARRAY(SELECT umeed_places(false));
    elsewhere := ARRAY(SELECT p.id FROM places_place p WHERE p.id <> ALL(places));
    -- Beyond that a list of what is seen is the shorter one.
    IF cardinality(elsewhere) > cardinality(places) THEN
        RETURN NULL;
    END IF;
    institutions := ARRAY(SELECT umeed_institutions(false));
    {LOOK}
    outside := ARRAY(SELECT b.id FROM institutions_institution i JOIN books_book b ON b.institution_id = i.id
        WHERE i.place_id = ANY(elsewhere) AND i.id <> ALL(institutions));
    {LOOKED}
    RETURN outside;
END $$;
COMMENT ON FUNCTION umeed_books_left_out() IS
    'The books that a viewer of a wide reach does not see: all others she does. NULL for whoever reaches less.';
"""
NOT_REACHED = f"""
DROP FUNCTION umeed_books_left_out();
DROP FUNCTION books_held(integer, date);
{_part(one_look.REACHED, "CREATE FUNCTION umeed_sees_book", "COMMENT ON FUNCTION umeed_sees_book", anew=True)}
DROP FUNCTION umeed_federated_above(uuid, date);
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0008_what_was_held_stays"), ("access", "0005_postings_by_viewer")]
    operations = [
        migrations.RunSQL(GUARDS, GUARDS_BEFORE),
        migrations.RunSQL(_chart(_as_one_value), _chart(_as_a_list)),
        migrations.RunSQL(REACHED, NOT_REACHED),
    ]
