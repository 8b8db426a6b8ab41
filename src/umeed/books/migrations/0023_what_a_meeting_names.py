"""A meeting that is closed is told of what it names, and written in one statement.

A meeting names four of twenty loans, and of most of them nothing is drawn from savings, lent or sent. What it does not
name no rule looks at: it was read, told and worked out all the same, which was half of the time that closing took. A
form, which names nothing yet, is told everything. What is in the box is what the kept months say, unless a sheet of a
later day is there. Many rows are told column by column: the database looks up how a value is spelt once for each.

What a meeting writes came in a statement for each record, and each was planned anew. Now its records, its sheet and the
meeting itself come as one; every guard and row security look at each as before.
"""

from importlib import import_module

from django.db import migrations

one_look = import_module("umeed.books.migrations.0006_one_look_before_a_sheet")
one_pass = import_module("umeed.books.migrations.0009_a_sheet_is_proven_in_one_pass")
known_before = import_module("umeed.books.migrations.0022_what_is_known_before_a_meeting")

SAVINGS, DAY = known_before.SAVINGS, known_before.DAY
WRITES_OFF = (
    known_before.WRITES_OFF.replace("l.kind", "s.kind").replace("l.sheet", "s.id").replace("l.event", "s.event")
)
# The box, the bank, and the funds that loans are lent out of.
WATCHED = "(101, 102, 301, 302, 303)"
LOAN = """o.id, o.uid, o.book_id, o.way, o.head, o.woman_id, o.body_id, o.twin_id, o.request_id, o.lent_on, o.source,
        o.purpose, o.lender, o.number, o.is_cash_credit"""
AGREEMENT = """a.id, a.revision, a.changed_at, a.book_id, a.loan_id, a.since, a.principal_paise, a.rate_bp_a_year,
        a.method, a.frequency, a.instalments, a.first_due, a.multiple_paise, a.rounding_paise, a.halves, a.part_month,
        a.overdue_principal_paise, a.overdue_interest_paise, a.overdue_since, a.run_paise, a.resolution, a.carried"""

KNOWN = f"""
CREATE FUNCTION books_known(
    of_book integer, on_day date, meeting uuid, numbered integer, made uuid[],
    loans_named uuid[], lent_to uuid[], with_savings boolean, with_queue boolean, with_bodies boolean,
    OUT digest bytea, OUT last_version integer, OUT is_open boolean, OUT are_new boolean, OUT sums json, OUT moved json,
    OUT saved json, OUT on_the_way json, OUT loans json, OUT agreed json, OUT bylaws json, OUT held json, OUT asked json,
    OUT decided json, OUT belonged json, OUT above json, OUT is_later boolean, OUT is_locked boolean, OUT let_go boolean
) LANGUAGE plpgsql STABLE {one_look.PLANNED_ONCE} AS $$
DECLARE {one_pass.VIEWER} kept_by uuid; ids bigint[]; waiting uuid[]; may_let_go boolean;
BEGIN
    PERFORM books_reached(of_book);
    {one_pass.LOOK}
    SELECT b.institution_id INTO kept_by FROM books_book b WHERE b.id = of_book;
    -- What stands under its id in another book is not it.
    SELECT CASE WHEN m.book_id = of_book THEN m.digest ELSE '' END INTO digest FROM books_meeting m WHERE m.id = meeting;
    SELECT max(m.version) INTO last_version FROM books_meeting m WHERE m.book_id = of_book AND m.number = numbered;
    is_open := EXISTS (SELECT FROM books_openmeeting m WHERE m.book_id = of_book AND m.id = meeting);
    are_new := true;
    IF cardinality(made) > 0 THEN
        -- In whatever book: what is there is looked at by itself.
        are_new := NOT EXISTS (SELECT FROM books_loanrequest q WHERE q.id = ANY(made))
            AND NOT EXISTS (SELECT FROM books_loandecision d WHERE d.id = ANY(made))
            AND NOT EXISTS (SELECT FROM books_loan o WHERE o.uid = ANY(made))
            AND NOT EXISTS (SELECT FROM books_agreement a WHERE a.id = ANY(made));
    END IF;
    is_later := EXISTS (SELECT FROM books_sheet s WHERE s.book_id = of_book AND s.on_date > on_day);
    is_locked := EXISTS (SELECT FROM books_monthlock k WHERE k.book_id = of_book AND k.month >= books_month(on_day));

    -- Of kept months: they are what all sheets come to.
    SELECT json_agg(json_build_array(m.head, m.paise)) FILTER (WHERE m.head IN {WATCHED}),
        coalesce(bool_or(m.head = 561), false), coalesce(bool_or(m.head = 429), false)
    INTO sums, let_go, may_let_go FROM (
        SELECT m.head, sum(m.debit_paise - m.credit_paise) AS paise FROM books_movement m
        WHERE m.book_id = of_book AND m.head IN (101, 102, 301, 302, 303, 429, 561) GROUP BY 1
    ) m;
    IF is_later THEN
        SELECT json_agg(json_build_array(p.head, p.paise)) INTO sums FROM (
            SELECT head, sum(paise) AS paise FROM (
                SELECT m.head, m.debit_paise - m.credit_paise AS paise FROM books_movement m
                WHERE m.book_id = of_book AND m.month < books_month(on_day)
                UNION ALL
                SELECT l.head, l.amount_paise FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
                WHERE s.book_id = of_book AND s.on_date >= date_trunc('month', on_day)::date AND s.on_date <= on_day
            ) parts WHERE head IN {WATCHED} GROUP BY head
        ) p;
    END IF;
    IF may_let_go AND NOT let_go THEN
        let_go := EXISTS (SELECT FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
            WHERE s.book_id = of_book AND s.event IS NOT NULL AND l.head = 429);
    END IF;
    is_later := is_later
        OR EXISTS (SELECT FROM books_agreement a WHERE a.book_id = of_book AND a.since > on_day AND a.resolution <> '');

    -- Loans: those named, and those of whom it lends to; all when nothing is named yet.
    SELECT json_agg(json_build_array({LOAN}) ORDER BY o.lent_on, o.id), array_agg(o.id) INTO loans, ids
    FROM books_loan o WHERE o.book_id = of_book AND o.lent_on <= on_day
        AND (loans_named IS NULL OR o.uid = ANY(loans_named) OR o.woman_id = ANY(lent_to));
    IF ids IS NOT NULL THEN
        SELECT json_agg(json_build_array({AGREEMENT}) ORDER BY a.since) INTO agreed
        FROM books_agreement a WHERE a.loan_id = ANY(ids)
            AND (a.since <= on_day OR (a.since > on_day AND a.first_due <= on_day AND a.principal_paise = 0
                AND a.carried IS NULL AND a.resolution <> ''));
        SELECT json_build_array(json_agg(m.loan_id), json_agg(m.day), json_agg(m.head), json_agg(m.is_off), json_agg(m.paise))
        INTO moved FROM (
            SELECT l.loan_id, {DAY.format(day="s.on_date")} AS day, l.head, let_go AND {WRITES_OFF} AS is_off,
                sum(l.amount_paise) AS paise
            FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id
            WHERE l.loan_id = ANY(ids) AND s.book_id = of_book AND s.on_date <= on_day
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ) m;
    END IF;

    IF with_savings THEN
        SELECT json_agg(json_build_array(h.woman, h.head, h.paise)) INTO saved FROM (
            SELECT CASE WHEN w.merged_into_id IS NULL THEN l.woman_id ELSE umeed_kept_woman(l.woman_id) END AS woman, l.head,
                -sum(l.paise) AS paise
            FROM (SELECT l.woman_id, l.head, sum(l.amount_paise) AS paise
                FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
                WHERE s.book_id = of_book AND s.on_date <= on_day AND l.head IN {SAVINGS} GROUP BY 1, 2) l
            LEFT JOIN LATERAL (SELECT w.merged_into_id FROM institutions_woman w WHERE w.id = l.woman_id OFFSET 0) w ON true
            GROUP BY 1, 2
        ) h WHERE h.paise <> 0;
    END IF;
    IF with_bodies THEN
        SELECT json_agg(json_build_array(v.body_id, v.day > on_day, v.paise, v.sent)) INTO on_the_way FROM (
            SELECT body_id, day, sum(amount_paise) AS paise,
                coalesce(sum(amount_paise) FILTER (WHERE is_theirs = is_more), 0) AS sent
            FROM (
                SELECT l.body_id, greatest(s.on_date, on_day) AS day, l.amount_paise,
                    coalesce(o.event, s.event) IS NOT NULL OR coalesce(o.kind, s.kind) = 4 AS is_theirs,
                    (l.amount_paise > 0) = (s.reverses_id IS NULL) AS is_more
                FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
                    LEFT JOIN LATERAL (SELECT r.event, r.kind FROM books_sheet r WHERE r.id = s.reverses_id OFFSET 0) o ON true
                WHERE s.book_id = of_book AND l.head = 119
            ) moved GROUP BY 1, 2 ORDER BY 2
        ) v;
        WITH one AS (
            SELECT f.above_id AS id FROM institutions_federation f WHERE f.member_id = kept_by AND f.during @> on_day
        ), every AS (
            SELECT id FROM one
            UNION SELECT f.above_id FROM institutions_federation f WHERE f.member_id IN (SELECT id FROM one) AND f.during @> on_day
        )
        SELECT json_agg(json_build_array(i.id, i.kind,
            EXISTS (SELECT FROM books_book b WHERE b.institution_id = i.id AND b.opened_on <= on_day))) INTO above
        FROM every JOIN institutions_institution i ON i.id = every.id WHERE i.kind IN ('vo', 'clf');
    END IF;
    IF with_queue THEN
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
    END IF;

    SELECT to_json(b) INTO bylaws FROM books_bylaw b WHERE b.book_id = of_book AND b.since <= on_day
    ORDER BY b.since DESC LIMIT 1;
    SELECT json_build_array(json_agg(m.id), json_agg(m.number), json_agg(m.day), json_agg(m.kind)) INTO held FROM (
        SELECT m.id, m.number, {DAY.format(day="m.held_on")} AS day, m.kind
        FROM books_meeting m WHERE m.book_id = of_book AND m.number IS NOT NULL AND m.kind <> 'undone'
            AND NOT EXISTS (SELECT FROM books_meeting r WHERE r.book_id = of_book AND r.replaces_id = m.id)
        ORDER BY m.number
    ) m;
    SELECT json_agg(json_build_array(w.id, w.name, w.belonging_name, w.relation, w.gender, extract(year FROM w.born_on)::int,
        w.born_year, w.merged_into_id, m.during @> on_day) ORDER BY w.name, w.id) INTO belonged
    FROM institutions_membership m JOIN institutions_woman w ON w.id = m.woman_id WHERE m.institution_id = kept_by;
    {one_pass.LOOKED}
END $$;
COMMENT ON FUNCTION books_known IS 'What a group''s book knows before a meeting, as far as the meeting names it; all, when it names nothing yet.';
"""

PUT = """
CREATE FUNCTION books_put_meeting(
    of_book integer, meeting jsonb, made jsonb, digest bytea,
    heads smallint[], amounts bigint[], women uuid[], loans bigint[], bodies uuid[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE sheet bigint;
BEGIN
    -- Row security looks at each row as if it came by itself; who closes a meeting has opened the book.
    IF made <> '{}' THEN
        INSERT INTO books_loanrequest SELECT * FROM jsonb_populate_recordset(NULL::books_loanrequest, made -> 'books_loanrequest');
        INSERT INTO books_loandecision SELECT * FROM jsonb_populate_recordset(NULL::books_loandecision, made -> 'books_loandecision');
        INSERT INTO books_loan SELECT * FROM jsonb_populate_recordset(NULL::books_loan, made -> 'books_loan');
        INSERT INTO books_agreement SELECT * FROM jsonb_populate_recordset(NULL::books_agreement, made -> 'books_agreement');
    END IF;
    IF cardinality(heads) > 0 THEN
        sheet := books_put(of_book, (meeting ->> 'id')::uuid, (meeting ->> 'held_on')::date, 1::smallint, NULL, NULL, digest,
            meeting ->> 'closed_by', heads, amounts, women, loans, bodies);
    END IF;
    INSERT INTO books_meeting SELECT * FROM jsonb_populate_record(NULL::books_meeting, meeting
        || jsonb_build_object('book_id', of_book, 'sheet_id', sheet, 'closed_at', transaction_timestamp()));
END $$;
COMMENT ON FUNCTION books_put_meeting IS 'A meeting, or a day of a VO or CLF, with its sheet and the records that it makes, each with all of its columns.';
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0022_what_is_known_before_a_meeting")]
    operations = [
        migrations.RunSQL(f"{known_before.UNKNOWN}{KNOWN}", f"DROP FUNCTION books_known;{known_before.KNOWN}"),
        migrations.RunSQL(PUT, "DROP FUNCTION books_put_meeting;"),
    ]
