"""What PostgreSQL refuses by itself, whoever asks and by whatever road.

Lines come first and the sheet last. The sheet's trigger wants them to add up to nothing, to be as many as it says, to
lie in its own book, to name what their heads ask for, and its month to be open; the line's trigger refuses lines for a
sheet that is there, and lines without a first one, whose sheet must be there at the end of the transaction (a foreign key
would ask that for every line, a fourth of the time of a load). Nothing is changed or removed. Movements are
written by the sheet's trigger alone. What happens between two bodies is one event in two books: at the end of the
transaction both sheets are there and say the same.

Two sessions cannot step between each other: both triggers first take the sheet's bucket (an advisory lock; 256 of them,
so that a load of a whole year needs no more), in order; a month is locked after every sheet of its book that is being
posted (a second bucket, shared by sheets). Both look at all rows, whoever the viewer is.
"""

from django.db import migrations

HEADS = (
    101, 102, 103, 104, 105, 106, 107, 108, 111, 112, 119, 201, 202, 203, 204, 211, 212, 213, 219, 221, 222,
    301, 302, 303, 304, 305, 309, 401, 402, 403, 404, 411, 412, 413, 421, 422, 423, 429, 491,
    501, 502, 511, 512, 513, 514, 515, 521, 522, 531, 541, 542, 543, 544, 545, 551, 561, 569, 591,
)  # fmt: skip
ABOUT = {
    "woman": (111, 201, 202, 203, 204, 401, 411, 412, 511, 531, 545, 551),
    "loan": (111, 112, 211, 212, 213, 219, 401, 404, 412, 542, 543, 544, 561),
    "body": (104, 105, 106, 107, 112, 119, 221, 222, 404, 413, 515),
}


def _chart() -> migrations.RunSQL:
    """A head of the chart, and with it just what it asks for."""
    named = "".join(
        f"ALTER TABLE books_line ADD CONSTRAINT line_names_its_{about}"
        f" CHECK ((head IN {heads}) = ({about}_id IS NOT NULL));"
        for about, heads in ABOUT.items()
    )
    unnamed = "".join(f"ALTER TABLE books_line DROP CONSTRAINT line_names_its_{about};" for about in ABOUT)
    return migrations.RunSQL(
        f"ALTER TABLE books_line ADD CONSTRAINT line_under_a_head CHECK (head IN {HEADS});{named}",
        f"{unnamed}ALTER TABLE books_line DROP CONSTRAINT line_under_a_head;",
    )


# What happens between two bodies stands in both books: what one has given the other has, family by family.
BETWEEN = {
    "loan": (112, 212, 213),
    "interest": (404, 543),
    "saving": (104, 105, 221),
    "share": (106, 107, 222),
    "fee": (413, 515),
    "written off": (429, 561),
    **{f"fund {head}": (head,) for head in (301, 302, 303, 304, 305)},
}
# What a body has with another, or owes it, besides loans: never in one book alone when both keep one.
ALONE = tuple(head for family in ("saving", "share", "fee") for head in BETWEEN[family])
FAMILIES = ", ".join(f"({head}, '{family}')" for family, heads in BETWEEN.items() for head in heads)
MONTH = "extract(year FROM {day})::int * 12 + extract(month FROM {day})::int - 1"
ALL_SEEING = "SECURITY DEFINER SET search_path = public, pg_temp"
# What is posted is little beside what is there, so it is found by its key; also within the first load of all, when
# PostgreSQL still believes that the tables are empty, and by a plan that it made then and keeps. OFFSET 0 is what makes it.
BY_KEY = "SET enable_seqscan = off"


def _by_key(table: str, key: str, name: str) -> str:
    return f"LATERAL (SELECT * FROM {table} t WHERE {key} OFFSET 0) {name}"


LINES = _by_key("books_line", "t.sheet_id = p.id", "l")
BEGIN = """DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), '');
BEGIN
    PERFORM set_config('umeed.viewer', 'system', true);"""
END = """    PERFORM set_config('umeed.viewer', viewer, true);
    RETURN NULL;
END"""

GUARDS = f"""
CREATE FUNCTION books_month(day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT {MONTH.format(day="day")}';
COMMENT ON FUNCTION books_month(date) IS 'The month of a day: year × 12 + month − 1.';

CREATE FUNCTION books_refuse(what text, which bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF which IS NOT NULL THEN
        RAISE EXCEPTION 'sheet %: %', which, what USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE FUNCTION books_line_joins_no_sheet() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} {BY_KEY} AS $$
DECLARE late bigint; headless bigint;
{BEGIN.removeprefix("DECLARE ")}
    PERFORM pg_advisory_xact_lock(7, bucket) FROM (SELECT DISTINCT (sheet_id & 255)::int AS bucket FROM posted ORDER BY 1) b;
    SELECT min(s.id), min(p.id) FILTER (WHERE f.sheet_id IS NULL) INTO late, headless
    FROM (SELECT DISTINCT sheet_id AS id FROM posted) p
        LEFT JOIN {_by_key("books_sheet", "t.id = p.id", "s")} ON true
        LEFT JOIN {_by_key("books_line", "t.sheet_id = p.id AND t.position = 1", "f")} ON true;
    PERFORM books_refuse('is posted, a line comes too late', late);
    PERFORM books_refuse('has no first line', headless);
{END} $$;
CREATE TRIGGER line_joins_no_sheet AFTER INSERT ON books_line
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION books_line_joins_no_sheet();

CREATE FUNCTION books_line_has_its_sheet() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} {BY_KEY} AS $$
{BEGIN}
    IF NOT EXISTS (SELECT FROM books_sheet s WHERE s.id = NEW.sheet_id) THEN
        PERFORM books_refuse('is not there, but lines of it', NEW.sheet_id);
    END IF;
{END} $$;
CREATE CONSTRAINT TRIGGER line_has_its_sheet AFTER INSERT ON books_line DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.position = 1) EXECUTE FUNCTION books_line_has_its_sheet();

CREATE FUNCTION books_sheet_is_whole() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} {BY_KEY} AS $$
DECLARE uneven bigint; strange bigint; alone bigint;
{BEGIN.removeprefix("DECLARE ")}
    PERFORM pg_advisory_xact_lock(7, bucket) FROM (SELECT DISTINCT (id & 255)::int AS bucket FROM posted ORDER BY 1) b;
    PERFORM pg_advisory_xact_lock_shared(8, bucket) FROM (SELECT DISTINCT book_id & 255 AS bucket FROM posted ORDER BY 1) b;
    -- One look at each line, with what it names, for all that its sheet must be.
    SELECT min(id) FILTER (WHERE lines <> line_count OR total <> 0 OR is_elsewhere), min(id) FILTER (WHERE is_strange),
        min(id) FILTER (WHERE event IS NULL AND kind <> 4 AND undone_kind IS DISTINCT FROM 4 AND (undone_event IS NOT NULL OR is_shared))
    INTO uneven, strange, alone FROM (
        SELECT p.id, p.line_count, p.event, p.kind, u.event AS undone_event, u.kind AS undone_kind,
            count(l.sheet_id) AS lines, coalesce(sum(l.amount_paise), 0) AS total,
            bool_or(l.book_id <> p.book_id) AS is_elsewhere, bool_or(o.twin_id IS NOT NULL) AS is_shared,
            bool_or((l.loan_id IS NOT NULL AND (o.id IS NULL OR o.book_id <> l.book_id
                    OR (l.woman_id IS NOT NULL AND l.woman_id IS DISTINCT FROM o.woman_id
                        AND umeed_kept_woman(l.woman_id) IS DISTINCT FROM umeed_kept_woman(o.woman_id))
                    OR (l.body_id IS NOT NULL AND l.body_id IS DISTINCT FROM o.body_id)))
                OR (l.woman_id IS NOT NULL AND w.id IS NULL) OR (l.body_id IS NOT NULL AND i.id IS NULL)) AS is_strange
        FROM posted p LEFT JOIN {LINES} ON true
            LEFT JOIN {_by_key("books_loan", "t.id = l.loan_id", "o")} ON true
            LEFT JOIN {_by_key("institutions_woman", "t.id = l.woman_id", "w")} ON true
            LEFT JOIN {_by_key("institutions_institution", "t.id = l.body_id", "i")} ON true
            LEFT JOIN {_by_key("books_sheet", "t.id = p.reverses_id", "u")} ON true
        GROUP BY p.id, p.line_count, p.event, p.kind, u.event, u.kind
    ) seen;
    PERFORM books_refuse('its lines do not add up, are not as many as it says, or lie in another book', uneven);
    PERFORM books_refuse('a line names a loan of another book or woman, or somebody who is not there', strange);
    PERFORM books_refuse('its month is locked', (
        SELECT p.id FROM posted p
            JOIN {_by_key("books_monthlock", "t.book_id = p.book_id AND t.month = books_month(p.on_date)", "k")} ON true LIMIT 1));
    PERFORM books_refuse('is no mirror of the sheet that it reverses', (
        SELECT p.id FROM posted p LEFT JOIN {_by_key("books_sheet", "t.id = p.reverses_id AND t.book_id = p.book_id", "o")} ON true
        WHERE p.reverses_id IS NOT NULL AND (o.id IS NULL OR EXISTS (
            SELECT FROM books_line l WHERE l.sheet_id IN (p.id, o.id)
            GROUP BY l.head, l.woman_id, l.loan_id, l.body_id HAVING sum(l.amount_paise) <> 0)) LIMIT 1));
    PERFORM books_refuse('moves a loan between two bodies in one book alone', alone);
    INSERT INTO books_movement AS m (book_id, month, head, debit_paise, credit_paise)
        SELECT p.book_id, books_month(p.on_date), l.head,
            sum(greatest(l.amount_paise, 0)), sum(greatest(-l.amount_paise, 0))
        FROM posted p JOIN {LINES} ON true GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (book_id, month, head) DO UPDATE
            SET debit_paise = m.debit_paise + excluded.debit_paise, credit_paise = m.credit_paise + excluded.credit_paise;
{END} $$;
CREATE TRIGGER sheet_is_whole AFTER INSERT ON books_sheet
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION books_sheet_is_whole();

CREATE FUNCTION books_event_agrees() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
{BEGIN}
    -- Two sessions that write under one event look at it one after the other.
    PERFORM pg_advisory_xact_lock(9, hashtext(NEW.event::text) & 1023);
    PERFORM books_refuse('does not say the same in both books', (SELECT NEW.id WHERE NOT EXISTS (
        SELECT FROM books_sheet s WHERE s.event = NEW.event
        HAVING count(*) = 2 AND count(DISTINCT s.book_id) = 2 AND count(DISTINCT s.on_date) = 1)));
    PERFORM books_refuse('says something in one book that the other does not say', (
        SELECT NEW.id FROM (
            SELECT f.family, sum(l.amount_paise) AS total
            FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
            LEFT JOIN (VALUES {FAMILIES}) f (head, family) ON f.head = l.head
            WHERE s.event = NEW.event AND l.head NOT IN (101, 102, 119) GROUP BY 1
        ) sums WHERE sums.family IS NULL OR sums.total <> 0 LIMIT 1));
    PERFORM books_refuse('moves a loan in one book and another loan, or none, in the other', (
        SELECT NEW.id FROM (
            SELECT least(o.id, o.twin_id) AS pair, f.family, sum(l.amount_paise) AS total
            FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id JOIN books_loan o ON o.id = l.loan_id
            JOIN (VALUES {FAMILIES}) f (head, family) ON f.head = l.head AND f.family IN ('loan', 'interest')
            WHERE s.event = NEW.event GROUP BY 1, 2
        ) pairs WHERE pairs.total <> 0 LIMIT 1));
    PERFORM books_refuse('names another body than the one whose book it shares', (
        SELECT NEW.id FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_loan o ON o.id = l.loan_id
        WHERE s.event = NEW.event AND coalesce(l.body_id, o.body_id) IS DISTINCT FROM (
            SELECT b.institution_id FROM books_sheet t JOIN books_book b ON b.id = t.book_id
            WHERE t.event = NEW.event AND t.book_id <> s.book_id LIMIT 1)
            AND (l.body_id IS NOT NULL OR l.loan_id IS NOT NULL) LIMIT 1));
{END} $$;
CREATE CONSTRAINT TRIGGER event_agrees AFTER INSERT ON books_sheet DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.event IS NOT NULL) EXECUTE FUNCTION books_event_agrees();

CREATE FUNCTION books_what_is_between_is_shared() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} {BY_KEY} AS $$
DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), '');
BEGIN
    PERFORM set_config('umeed.viewer', 'system', true);
    PERFORM books_refuse('is between two bodies that both keep a book, and stands in one of them alone', (
        SELECT p.id FROM posted p JOIN {LINES} ON l.head IN {ALONE}
            JOIN {_by_key("books_book", "t.institution_id = l.body_id", "b")} ON b.opened_on <= p.on_date
        WHERE p.event IS NULL AND p.kind <> 4 AND p.reverses_id IS NULL LIMIT 1));
{END} $$;
CREATE TRIGGER what_is_between_is_shared AFTER INSERT ON books_sheet
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION books_what_is_between_is_shared();

CREATE FUNCTION books_twins_agree() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), ''); apart boolean;
BEGIN
    PERFORM set_config('umeed.viewer', 'system', true);
    SELECT t.id IS NULL OR t.twin_id IS DISTINCT FROM o.id OR t.way = o.way OR t.book_id = o.book_id
        OR t.body_id IS DISTINCT FROM b.institution_id OR o.body_id IS DISTINCT FROM c.institution_id
        OR (CASE o.way WHEN 'given' THEN o.head ELSE t.head END) <> 'loan_to_body'
        OR (CASE o.way WHEN 'given' THEN t.head ELSE o.head END) NOT IN ('loan_from_vo', 'loan_from_clf')
        OR (SELECT coalesce(sum(l.amount_paise), 0) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
            WHERE s.book_id IN (o.book_id, t.book_id) AND l.loan_id IN (o.id, t.id) AND l.head IN (112, 212, 213)) <> 0
    INTO apart FROM books_loan o LEFT JOIN books_loan t ON t.id = o.twin_id
        LEFT JOIN books_book b ON b.id = o.book_id LEFT JOIN books_book c ON c.id = t.book_id
    WHERE o.id = NEW.id AND o.twin_id IS NOT NULL;
    IF apart THEN
        RAISE EXCEPTION 'loan %: is not the same in both books', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
{END} $$;
CREATE CONSTRAINT TRIGGER twins_agree AFTER INSERT OR UPDATE ON books_loan DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.twin_id IS NOT NULL) EXECUTE FUNCTION books_twins_agree();

CREATE TRIGGER sheet_stays BEFORE UPDATE OR DELETE ON books_sheet FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER sheets_stay BEFORE TRUNCATE ON books_sheet FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER line_stays BEFORE UPDATE OR DELETE ON books_line FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER lines_stay BEFORE TRUNCATE ON books_line FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

CREATE TRIGGER meeting_stays BEFORE UPDATE OR DELETE ON books_meeting FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER meetings_stay BEFORE TRUNCATE ON books_meeting FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE FUNCTION books_lock_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(8, NEW.book_id & 255);
    RETURN NEW;
END $$;
CREATE TRIGGER lock_waits BEFORE INSERT ON books_monthlock FOR EACH ROW EXECUTE FUNCTION books_lock_waits();
CREATE TRIGGER lock_stays BEFORE UPDATE OR DELETE ON books_monthlock FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER locks_stay BEFORE TRUNCATE ON books_monthlock FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

CREATE FUNCTION books_movement_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'movements follow sheets: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER movement_follows BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON books_movement
    FOR EACH STATEMENT EXECUTE FUNCTION books_movement_follows();
"""
UNGUARD = """
DROP TRIGGER movement_follows ON books_movement;
DROP FUNCTION books_movement_follows();
DROP TRIGGER locks_stay ON books_monthlock;
DROP TRIGGER lock_stays ON books_monthlock;
DROP TRIGGER lock_waits ON books_monthlock;
DROP FUNCTION books_lock_waits();
DROP TRIGGER meetings_stay ON books_meeting;
DROP TRIGGER meeting_stays ON books_meeting;
DROP TRIGGER twins_agree ON books_loan;
DROP FUNCTION books_twins_agree();
DROP TRIGGER what_is_between_is_shared ON books_sheet;
DROP FUNCTION books_what_is_between_is_shared();
DROP TRIGGER event_agrees ON books_sheet;
DROP FUNCTION books_event_agrees();
DROP TRIGGER lines_stay ON books_line;
DROP TRIGGER line_stays ON books_line;
DROP TRIGGER sheets_stay ON books_sheet;
DROP TRIGGER sheet_stays ON books_sheet;
DROP TRIGGER sheet_is_whole ON books_sheet;
DROP FUNCTION books_sheet_is_whole();
DROP TRIGGER line_has_its_sheet ON books_line;
DROP FUNCTION books_line_has_its_sheet();
DROP TRIGGER line_joins_no_sheet ON books_line;
DROP FUNCTION books_line_joins_no_sheet();
DROP FUNCTION books_refuse(text, bigint);
DROP FUNCTION books_month(date);
"""

# With the rights of who calls it: row security and every guard stand as for its two statements.
WRITING = """
CREATE FUNCTION books_put(
    book integer, uid uuid, on_date date, kind smallint, event uuid, reverses bigint, digest bytea, recorded_by text,
    heads smallint[], amounts bigint[], women uuid[], loans bigint[], bodies uuid[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE sheet bigint := nextval('books_sheet_id_seq');
BEGIN
    INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise, woman_id, loan_id, body_id)
        SELECT sheet, l.position, book, l.head, l.amount, l.woman, l.loan, l.body
        FROM unnest(heads, amounts, women, loans, bodies) WITH ORDINALITY AS l (head, amount, woman, loan, body, position);
    INSERT INTO books_sheet (id, uid, book_id, on_date, kind, line_count, event, reverses_id, digest, recorded_by)
        VALUES (sheet, uid, book, on_date, kind, cardinality(heads), event, reverses, digest, recorded_by);
    RETURN sheet;
END $$;
COMMENT ON FUNCTION books_put IS 'Writes one sheet, lines first, by plans that the session keeps; answers its id.';
"""
NO_WRITING = "DROP FUNCTION books_put;"

DOOR = f"""
CREATE FUNCTION umeed_kept_woman(woman uuid) RETURNS uuid LANGUAGE plpgsql STABLE {ALL_SEEING} AS $$
DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), ''); kept uuid := woman; next uuid;
BEGIN
    PERFORM set_config('umeed.viewer', 'system', true);
    LOOP
        SELECT merged_into_id INTO next FROM institutions_woman WHERE id = kept;
        EXIT WHEN next IS NULL;
        kept := next;
    END LOOP;
    PERFORM set_config('umeed.viewer', viewer, true);
    RETURN kept;
END $$;
COMMENT ON FUNCTION umeed_kept_woman(uuid) IS 'The record that hers was merged into at last: her own when it was not.';

CREATE FUNCTION umeed_merged_women(woman uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE {ALL_SEEING} AS $$
DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), '');
BEGIN
    PERFORM set_config('umeed.viewer', 'system', true);
    RETURN QUERY WITH RECURSIVE hers (id) AS (
        SELECT woman UNION SELECT w.id FROM institutions_woman w JOIN hers ON w.merged_into_id = hers.id
    ) SELECT hers.id FROM hers;
    PERFORM set_config('umeed.viewer', viewer, true);
END $$;
COMMENT ON FUNCTION umeed_merged_women(uuid) IS 'Her record and all that were merged into it: lines keep the one they were posted under.';

CREATE FUNCTION umeed_books() RETURNS SETOF integer LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 ROWS 100 AS $$
BEGIN
    -- From what the viewer reaches to its books: the other way round, a bookkeeper of ten looks at all 93,000 of a UT.
    RETURN QUERY SELECT b.id FROM books_book b WHERE b.institution_id IN (
        SELECT i.id FROM institutions_institution i WHERE i.place_id IN (SELECT umeed_places(false))
        UNION SELECT umeed_institutions(false));
END $$;
COMMENT ON FUNCTION umeed_books() IS 'Books of the institutions that the viewer reaches today.';
"""
NO_DOOR = """
DROP FUNCTION umeed_books();
DROP FUNCTION umeed_merged_women(uuid);
DROP FUNCTION umeed_kept_woman(uuid);
"""
SEEN = {
    "books_book": "EXISTS (SELECT 1 FROM institutions_institution i WHERE i.id = institution_id)",
    **dict.fromkeys(
        (
            "books_sheet",
            "books_line",
            "books_movement",
            "books_monthlock",
            "books_loan",
            "books_agreement",
            "books_loanrequest",
            "books_loandecision",
            "books_bylaw",
            "books_meeting",
            "books_openmeeting",
            "books_cutoff",
            "books_clash",
            "books_grading",
        ),
        "book_id IN (SELECT umeed_books())",
    ),
}


def _secure(table: str, seen: str) -> migrations.RunSQL:
    door = f"(SELECT umeed_viewer_is_system()) OR {seen}"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_seen ON {table} USING ({door}) WITH CHECK ({door});",
        f"DROP POLICY {table}_seen ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0001_the_ledger"),
        ("institutions", "0013_a_short_second_door"),
        ("core", "0002_chain_guard_and_cache"),
    ]
    operations = [
        _chart(),
        migrations.RunSQL(DOOR, NO_DOOR),
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunSQL(WRITING, NO_WRITING),
        *[_secure(table, seen) for table, seen in SEEN.items()],
    ]
