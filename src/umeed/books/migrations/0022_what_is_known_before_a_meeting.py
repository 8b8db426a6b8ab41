"""What a group's book knows before a meeting, told in one question.

Closing a meeting asked fifteen, each planned anew, with row security looked up for each of its tables: they took most of
its time. As in 0006 the database looks once whether the viewer reaches the book, and answers as the product; each line
of the book is read once for the loans, the savings and what is on the way.

Days come as their number (1 is the first of January of year 1), which both sides read quickest.
"""

from importlib import import_module

from django.db import migrations

one_look = import_module("umeed.books.migrations.0006_one_look_before_a_sheet")
one_pass = import_module("umeed.books.migrations.0009_a_sheet_is_proven_in_one_pass")

# As `ledger.off` says it, of a line `l` of a sheet.
WRITES_OFF = """(l.kind <> 1 AND EXISTS (
    SELECT FROM books_line w JOIN books_line p ON p.sheet_id = w.sheet_id
    WHERE w.sheet_id = l.sheet AND ((w.head = 561 AND p.head IN (111, 112) AND p.loan_id = w.loan_id)
        OR (w.head = 429 AND l.event IS NOT NULL AND p.head IN (212, 213)))))"""
SAVINGS = "(201, 202, 203, 204)"
DAY = "({day} - DATE '0001-01-01' + 1)"

KNOWN = f"""
CREATE FUNCTION books_known(
    of_book integer, on_day date, meeting uuid, numbered integer, made uuid[],
    OUT digest bytea, OUT last_version integer, OUT is_open boolean, OUT are_new boolean, OUT sums json, OUT moved json, OUT saved json, OUT on_the_way json, OUT loans json, OUT agreed json,
    OUT bylaws json, OUT held json, OUT asked json, OUT decided json, OUT belonged json, OUT above json,
    OUT is_later boolean, OUT is_locked boolean
) LANGUAGE plpgsql STABLE {one_look.PLANNED_ONCE} AS $$
DECLARE {one_pass.VIEWER} kept_by uuid; waiting uuid[];
BEGIN
    PERFORM books_reached(of_book);
    {one_pass.LOOK}
    SELECT b.institution_id INTO kept_by FROM books_book b WHERE b.id = of_book;
    -- What stands under its id in another book is not it.
    SELECT CASE WHEN m.book_id = of_book THEN m.digest ELSE '' END INTO digest FROM books_meeting m WHERE m.id = meeting;
    SELECT max(m.version) INTO last_version FROM books_meeting m WHERE m.book_id = of_book AND m.number = numbered;
    is_open := EXISTS (SELECT FROM books_openmeeting m WHERE m.book_id = of_book AND m.id = meeting);
    -- In whatever book: what is there is looked at by itself.
    are_new := NOT EXISTS (SELECT FROM books_loanrequest q WHERE q.id = ANY(made))
        AND NOT EXISTS (SELECT FROM books_loandecision d WHERE d.id = ANY(made))
        AND NOT EXISTS (SELECT FROM books_loan o WHERE o.uid = ANY(made))
        AND NOT EXISTS (SELECT FROM books_agreement a WHERE a.id = ANY(made));
    is_later := EXISTS (SELECT FROM books_sheet s WHERE s.book_id = of_book AND s.on_date > on_day)
        OR EXISTS (SELECT FROM books_agreement a WHERE a.book_id = of_book AND a.since > on_day AND a.resolution <> '');
    is_locked := EXISTS (SELECT FROM books_monthlock k WHERE k.book_id = of_book AND k.month >= books_month(on_day));

    SELECT json_agg(json_build_array(p.head, p.paise)) INTO sums FROM (
        SELECT head, sum(paise) AS paise FROM (
            SELECT m.head, m.debit_paise - m.credit_paise AS paise FROM books_movement m
            WHERE m.book_id = of_book AND m.month < books_month(on_day)
            UNION ALL
            SELECT l.head, l.amount_paise FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
            WHERE s.book_id = of_book AND s.on_date >= date_trunc('month', on_day)::date AND s.on_date <= on_day
        ) parts GROUP BY head
    ) p;

    WITH l AS MATERIALIZED (
        SELECT s.id AS sheet, s.on_date, s.kind, s.event, s.reverses_id, l.head, l.amount_paise, l.woman_id, l.loan_id, l.body_id
        FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
        WHERE s.book_id = of_book AND (l.loan_id IS NOT NULL OR l.head IN {SAVINGS} OR l.head = 119)
    )
    SELECT
        (SELECT json_agg(json_build_array(m.loan_id, {DAY.format(day="m.on_date")}, m.head, m.is_off, m.paise)) FROM (
            SELECT l.loan_id, l.on_date, l.head, {WRITES_OFF} AS is_off, sum(l.amount_paise) AS paise
            FROM l WHERE l.loan_id IS NOT NULL AND l.on_date <= on_day GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4) m),
        (SELECT json_agg(json_build_array(h.woman, h.head, h.paise)) FROM (
            SELECT CASE WHEN w.merged_into_id IS NULL THEN l.woman_id ELSE umeed_kept_woman(l.woman_id) END AS woman, l.head,
                -sum(l.paise) AS paise
            FROM (SELECT l.woman_id, l.head, sum(l.amount_paise) AS paise
                FROM l WHERE l.head IN {SAVINGS} AND l.on_date <= on_day GROUP BY 1, 2) l
            LEFT JOIN LATERAL (SELECT w.merged_into_id FROM institutions_woman w WHERE w.id = l.woman_id OFFSET 0) w ON true
            GROUP BY 1, 2) h WHERE h.paise <> 0),
        (SELECT json_agg(json_build_array(v.body_id, v.day > on_day, v.paise, v.sent)) FROM (
            SELECT body_id, day, sum(amount_paise) AS paise,
                coalesce(sum(amount_paise) FILTER (WHERE is_theirs = is_more), 0) AS sent
            FROM (
                SELECT l.body_id, greatest(l.on_date, on_day) AS day, l.amount_paise,
                    coalesce(o.event, l.event) IS NOT NULL OR coalesce(o.kind, l.kind) = 4 AS is_theirs,
                    (l.amount_paise > 0) = (l.reverses_id IS NULL) AS is_more
                FROM l LEFT JOIN LATERAL (SELECT s.event, s.kind FROM books_sheet s WHERE s.id = l.reverses_id OFFSET 0) o
                    ON true
                WHERE l.head = 119
            ) moved GROUP BY 1, 2 ORDER BY 2
        ) v)
    INTO moved, saved, on_the_way;

    SELECT json_agg(o ORDER BY o.lent_on, o.id) INTO loans FROM books_loan o
    WHERE o.book_id = of_book AND o.lent_on <= on_day;
    SELECT json_agg(a ORDER BY a.since) INTO agreed FROM books_agreement a WHERE a.book_id = of_book
        AND (a.since <= on_day OR (a.since > on_day AND a.first_due <= on_day AND a.principal_paise = 0
            AND a.carried IS NULL AND a.resolution <> ''));
    SELECT to_json(b) INTO bylaws FROM books_bylaw b WHERE b.book_id = of_book AND b.since <= on_day
    ORDER BY b.since DESC LIMIT 1;

    SELECT json_agg(json_build_array(m.id, m.number, {DAY.format(day="m.held_on")}, m.kind) ORDER BY m.number) INTO held
    FROM books_meeting m WHERE m.book_id = of_book AND m.number IS NOT NULL AND m.kind <> 'undone'
        AND NOT EXISTS (SELECT FROM books_meeting r WHERE r.book_id = of_book AND r.replaces_id = m.id);

    waiting := ARRAY(SELECT q.id FROM books_loanrequest q
        WHERE q.book_id = of_book AND q.woman_id IS NOT NULL AND q.asked_on <= on_day
            AND NOT EXISTS (SELECT FROM books_loan o WHERE o.request_id = q.id));
    IF cardinality(waiting) > 0 THEN
        SELECT json_agg(json_build_array(q.id, q.woman_id, {DAY.format(day="q.asked_on")}, q.amount_paise)
            ORDER BY q.asked_on, q.id) INTO asked
        FROM books_loanrequest q WHERE q.id = ANY(waiting);
        SELECT json_agg(json_build_array(d.request_id, {DAY.format(day="d.decided_on")}, d.outcome, d.amount_paise,
            {DAY.format(day="d.promised_on")}) ORDER BY d.decided_on, d.changed_at) INTO decided
        FROM books_loandecision d WHERE d.request_id = ANY(waiting) AND d.book_id = of_book;
    END IF;

    SELECT json_agg(json_build_array(w.id, w.name, w.belonging_name, w.relation, w.gender, extract(year FROM w.born_on)::int,
        w.born_year, w.merged_into_id, m.during @> on_day) ORDER BY w.name, w.id) INTO belonged
    FROM institutions_membership m JOIN institutions_woman w ON w.id = m.woman_id WHERE m.institution_id = kept_by;

    WITH one AS (
        SELECT f.above_id AS id FROM institutions_federation f WHERE f.member_id = kept_by AND f.during @> on_day
    ), every AS (
        SELECT id FROM one
        UNION SELECT f.above_id FROM institutions_federation f WHERE f.member_id IN (SELECT id FROM one) AND f.during @> on_day
    )
    SELECT json_agg(json_build_array(i.id, i.kind,
        EXISTS (SELECT FROM books_book b WHERE b.institution_id = i.id AND b.opened_on <= on_day))) INTO above
    FROM every JOIN institutions_institution i ON i.id = every.id WHERE i.kind IN ('vo', 'clf');
    {one_pass.LOOKED}
END $$;
COMMENT ON FUNCTION books_known IS 'What a group''s book knows before a meeting: its money, loans, women, meetings, queue, and who is above.';
"""
UNKNOWN = "DROP FUNCTION books_known;"


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0021_corrections_by_their_book"),
        ("institutions", "0014_belonging_names_by_sound"),
    ]
    operations = [migrations.RunSQL(KNOWN, UNKNOWN)]
