"""What was agreed, asked and decided stays as it was; a sheet lies in its time; movements follow sheets alone.

* A group's own rules and its grades are never changed: another row follows. New rules come after all others and after
  every meeting that was held, so that those of then stay those of then.
* When a loan was lent, out of what and on whose request changes only in the transaction that reverses a sheet of it (a
  meeting or a cut-off is corrected or taken back), or when nothing was agreed on it.
* Requests and decisions change or go only in the transaction that corrects or takes back the meeting of their day.
* The first day of a book moves only back, to the day of the cut-off that is posted with it.
* A sheet is of no day before its book, and of none after tomorrow (the day begins here while servers still say yesterday).
* A movement is written from within the sheet's own trigger. That some trigger runs was not enough: whoever owns the
  tables could hang one on a table of her own. Names of functions are told in every language as they are.
"""

from django.db import migrations

OWN_TABLES = "SET search_path = public, pg_temp"
ALL_SEEING = f"SECURITY DEFINER {OWN_TABLES}"
VIEWER = "viewer text := coalesce(current_setting('umeed.viewer', true), '');"
LOOK, LOOKED = (f"PERFORM set_config('umeed.viewer', {viewer}, true);" for viewer in ("'system'", "viewer"))


def _stay(table: str, name: str, why: str, *, also: str = "") -> str:
    """Rows of a table are never changed or removed; `also` says which changes are others' to judge."""
    row = f"CREATE TRIGGER {name}_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION books_not_so('{why}');"
    return f"""
{"" if also else row}
CREATE TRIGGER {name}s_stay BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION books_not_so('{why}');
"""


RULES = f"""
{_stay("books_bylaw", "bylaw", "rules of then stay those of then")}
{_stay("books_grading", "grading", "a grade stays as it was given")}
CREATE FUNCTION books_bylaws_follow() RETURNS trigger LANGUAGE plpgsql {OWN_TABLES} AS $$
BEGIN
    IF EXISTS (SELECT FROM books_bylaw b WHERE b.book_id = NEW.book_id AND b.since >= NEW.since)
        OR EXISTS (SELECT FROM books_meeting m WHERE m.book_id = NEW.book_id AND m.held_on >= NEW.since
            AND m.number IS NOT NULL AND m.kind <> 'undone'
            AND NOT EXISTS (SELECT FROM books_meeting n WHERE n.replaces_id = m.id)) THEN
        RAISE EXCEPTION 'rules since %: others, or a meeting that was held, are of that day or later', NEW.since
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bylaws_follow BEFORE INSERT ON books_bylaw FOR EACH ROW EXECUTE FUNCTION books_bylaws_follow();
"""
NO_RULES = """
DROP TRIGGER bylaws_follow ON books_bylaw;
DROP FUNCTION books_bylaws_follow();
DROP TRIGGER gradings_stay ON books_grading;
DROP TRIGGER grading_stays ON books_grading;
DROP TRIGGER bylaws_stay ON books_bylaw;
DROP TRIGGER bylaw_stays ON books_bylaw;
"""

LOANS = f"""
CREATE FUNCTION books_loan_stays_as_lent() RETURNS trigger LANGUAGE plpgsql {OWN_TABLES} AS $$
BEGIN
    IF EXISTS (SELECT FROM books_agreement a WHERE a.loan_id = OLD.id) AND NOT EXISTS (
        SELECT FROM books_sheet r JOIN books_sheet s ON s.id = r.reverses_id
        WHERE s.book_id = OLD.book_id AND r.recorded_at = transaction_timestamp()
            AND (s.kind = 4 OR EXISTS (SELECT FROM books_line l WHERE l.sheet_id = s.id AND l.loan_id = OLD.id))) THEN
        RAISE EXCEPTION 'loan %: stays as it was lent until its sheet is reversed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER loan_stays_as_lent BEFORE UPDATE ON books_loan FOR EACH ROW
    WHEN ((OLD.request_id, OLD.lent_on, OLD.source, OLD.purpose, OLD.lender, OLD.is_cash_credit)
        IS DISTINCT FROM (NEW.request_id, NEW.lent_on, NEW.source, NEW.purpose, NEW.lender, NEW.is_cash_credit))
    EXECUTE FUNCTION books_loan_stays_as_lent();
"""
NO_LOANS = """
DROP TRIGGER loan_stays_as_lent ON books_loan;
DROP FUNCTION books_loan_stays_as_lent();
"""

# The record of the correction is written last: so it is looked for when the transaction ends.
QUEUE = f"""
CREATE FUNCTION books_queue_stays() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
DECLARE {VIEWER} is_corrected boolean;
BEGIN
    {LOOK}
    is_corrected := EXISTS (
        SELECT FROM books_meeting m JOIN books_meeting o ON o.id = m.replaces_id
        WHERE m.book_id = OLD.book_id AND m.closed_at = transaction_timestamp()
            AND o.book_id = OLD.book_id AND o.held_on = (to_jsonb(OLD) ->> TG_ARGV[0])::date);
    {LOOKED}
    IF NOT is_corrected OR (TG_OP = 'UPDATE' AND (OLD.id, OLD.book_id) IS DISTINCT FROM (NEW.id, NEW.book_id)) THEN
        RAISE EXCEPTION 'what was asked and decided stays until its meeting is corrected: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_stays AFTER UPDATE OR DELETE ON books_loanrequest DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION books_queue_stays('asked_on');
CREATE CONSTRAINT TRIGGER decision_stays AFTER UPDATE OR DELETE ON books_loandecision DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION books_queue_stays('decided_on');
{_stay("books_loanrequest", "request", "what was asked stays", also="corrections")}
{_stay("books_loandecision", "decision", "what was decided stays", also="corrections")}
"""
NO_QUEUE = """
DROP TRIGGER decisions_stay ON books_loandecision;
DROP TRIGGER requests_stay ON books_loanrequest;
DROP TRIGGER decision_stays ON books_loandecision;
DROP TRIGGER request_stays ON books_loanrequest;
DROP FUNCTION books_queue_stays();
"""

TIME = f"""
CREATE FUNCTION books_book_begins() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
DECLARE {VIEWER} is_cut_off boolean;
BEGIN
    {LOOK}
    is_cut_off := NEW.opened_on < OLD.opened_on AND EXISTS (SELECT FROM books_sheet s WHERE s.book_id = NEW.id
        AND s.kind = 4 AND s.on_date = NEW.opened_on AND s.recorded_at = transaction_timestamp());
    {LOOKED}
    IF NOT is_cut_off THEN
        RAISE EXCEPTION 'book %: its first day moves only back, with a cut-off of that day', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER book_begins AFTER UPDATE ON books_book DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.opened_on IS DISTINCT FROM NEW.opened_on) EXECUTE FUNCTION books_book_begins();

-- Asked for every sheet: no more than a look by a key. Whoever posts a sheet sees its book, so nothing is set for that.
CREATE FUNCTION books_sheet_is_in_its_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE early bigint;
BEGIN
    SELECT p.id INTO early FROM posted p JOIN LATERAL (
        SELECT b.opened_on FROM public.books_book b WHERE b.id = p.book_id OFFSET 0) b ON p.on_date < b.opened_on LIMIT 1;
    IF early IS NOT NULL THEN
        PERFORM public.books_refuse('is of a day before its book began', early);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sheet_is_in_its_time AFTER INSERT ON books_sheet
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION books_sheet_is_in_its_time();
-- Of what is posted from now on; `verify_books` looks at all.
ALTER TABLE books_sheet ADD CONSTRAINT sheet_of_a_day_that_came
    CHECK (on_date <= (recorded_at AT TIME ZONE 'Asia/Kolkata')::date + 1) NOT VALID;
"""
NO_TIME = """
ALTER TABLE books_sheet DROP CONSTRAINT sheet_of_a_day_that_came;
DROP TRIGGER sheet_is_in_its_time ON books_sheet;
DROP FUNCTION books_sheet_is_in_its_time();
DROP TRIGGER book_begins ON books_book;
DROP FUNCTION books_book_begins();
"""

MOVEMENTS = r"""
CREATE OR REPLACE FUNCTION books_movement_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE called_by text;
BEGIN
    GET DIAGNOSTICS called_by = PG_CONTEXT;
    IF pg_trigger_depth() < 2 OR called_by !~ '[^.[:alnum:]_"](public\.)?books_sheet_is_whole\(\)' THEN
        RAISE EXCEPTION 'movements follow sheets: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION books_movement_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'movements follow sheets: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0007_how_a_running_month_counts")]
    operations = [
        migrations.RunSQL(RULES, NO_RULES),
        migrations.RunSQL(LOANS, NO_LOANS),
        migrations.RunSQL(QUEUE, NO_QUEUE),
        migrations.RunSQL(TIME, NO_TIME),
        migrations.RunSQL(MOVEMENTS, AS_BEFORE),
    ]
