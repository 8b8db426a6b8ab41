"""Terms and clashes stay as they were written, and a cut-off says of a linked loan what the other book says.

* New terms of a loan come after all others and after everything that moved on it: what was owed and late on a day stays
  what it was. Terms that stand change or go only in the transaction that reverses the sheet by which the loan came (a
  meeting or a cut-off is corrected or taken back), and go only when nothing of the loan is left. Whose they are never
  changes. All other loans are agreed anew, by a row more.
* What came in the place of something else is kept. It is settled once, with a reason; nothing else of it changes.
* In a book one cut-off stands. It may name a loan that stands in another body's book too, without an event of both:
  so it must say, when the transaction ends, the same as that book does. What is linked is corrected in both, or left.
"""

from django.db import migrations

OWN_TABLES = "SET search_path = public, pg_temp"
ALL_SEEING = f"SECURITY DEFINER {OWN_TABLES}"

TERMS = f"""
CREATE FUNCTION books_terms_follow() RETURNS trigger LANGUAGE plpgsql {OWN_TABLES} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM books_loan o WHERE o.id = NEW.loan_id AND o.book_id = NEW.book_id) THEN
        RAISE EXCEPTION 'terms of loan %: it is in another book', NEW.loan_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM books_agreement a WHERE a.loan_id = NEW.loan_id) AND (
        EXISTS (SELECT FROM books_agreement a WHERE a.loan_id = NEW.loan_id AND a.since >= NEW.since)
        OR EXISTS (SELECT FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
            WHERE s.book_id = NEW.book_id AND s.on_date >= NEW.since AND l.loan_id = NEW.loan_id)) THEN
        RAISE EXCEPTION 'terms of loan %: others, or what moved on it, are of % or later', NEW.loan_id, NEW.since
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER terms_follow BEFORE INSERT ON books_agreement FOR EACH ROW EXECUTE FUNCTION books_terms_follow();

CREATE FUNCTION books_terms_stay() RETURNS trigger LANGUAGE plpgsql {OWN_TABLES} AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.id, OLD.book_id, OLD.loan_id) IS DISTINCT FROM (NEW.id, NEW.book_id, NEW.loan_id) THEN
        RAISE EXCEPTION 'terms stay those of their loan: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM books_sheet r JOIN books_sheet s ON s.id = r.reverses_id
        WHERE s.book_id = OLD.book_id AND r.recorded_at = transaction_timestamp()
            AND CASE TG_OP WHEN 'UPDATE' THEN s.on_date = OLD.since ELSE s.on_date <= OLD.since END) THEN
        RAISE EXCEPTION 'terms stay until the sheet by which the loan came is reversed: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
        WHERE s.book_id = OLD.book_id AND l.loan_id = OLD.loan_id GROUP BY l.head HAVING sum(l.amount_paise) <> 0) THEN
        RAISE EXCEPTION 'terms stay while something of the loan stands in the book: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER terms_stay BEFORE UPDATE OR DELETE ON books_agreement FOR EACH ROW EXECUTE FUNCTION books_terms_stay();
CREATE TRIGGER all_terms_stay BEFORE TRUNCATE ON books_agreement
    FOR EACH STATEMENT EXECUTE FUNCTION books_not_so('terms stay');
"""
NO_TERMS = """
DROP TRIGGER all_terms_stay ON books_agreement;
DROP TRIGGER terms_stay ON books_agreement;
DROP FUNCTION books_terms_stay();
DROP TRIGGER terms_follow ON books_agreement;
DROP FUNCTION books_terms_follow();
"""

CLASHES = """
CREATE TRIGGER clash_settled_once BEFORE UPDATE ON books_clash FOR EACH ROW
    WHEN ((OLD.id, OLD.book_id, OLD.uid, OLD.digest, OLD.said, OLD.came_at, OLD.came_from)
            IS DISTINCT FROM (NEW.id, NEW.book_id, NEW.uid, NEW.digest, NEW.said, NEW.came_at, NEW.came_from)
        OR OLD.settled <> '' OR NEW.settled = '' OR NEW.settled_at IS NULL OR NEW.settled_by = '' OR NEW.why = '')
    EXECUTE FUNCTION books_not_so('what came stays, and is settled once, with a reason');
CREATE TRIGGER clash_comes_unsettled BEFORE INSERT ON books_clash FOR EACH ROW
    WHEN (NEW.settled <> '' OR NEW.settled_at IS NOT NULL OR NEW.settled_by <> '' OR NEW.why <> '')
    EXECUTE FUNCTION books_not_so('what came is settled afterwards');
CREATE TRIGGER clash_stays BEFORE DELETE ON books_clash FOR EACH ROW
    EXECUTE FUNCTION books_not_so('what came in the place of something stays');
CREATE TRIGGER clashes_stay BEFORE TRUNCATE ON books_clash FOR EACH STATEMENT
    EXECUTE FUNCTION books_not_so('what came in the place of something stays');
"""
NO_CLASHES = """
DROP TRIGGER clashes_stay ON books_clash;
DROP TRIGGER clash_stays ON books_clash;
DROP TRIGGER clash_comes_unsettled ON books_clash;
DROP TRIGGER clash_settled_once ON books_clash;
"""

CUT_OFFS = f"""
CREATE FUNCTION books_cut_off_agrees() RETURNS trigger LANGUAGE plpgsql {ALL_SEEING} AS $$
DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), '');
BEGIN
    PERFORM set_config('umeed.viewer', 'system', true);
    IF NEW.kind = 4 THEN
        PERFORM books_refuse('is a cut-off, and another stands in its book', (
            SELECT NEW.id WHERE NOT EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = NEW.id) AND EXISTS (
                SELECT FROM books_sheet s WHERE s.book_id = NEW.book_id AND s.kind = 4 AND s.id <> NEW.id
                    AND NOT EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = s.id))));
    END IF;
    IF NEW.kind = 4 OR EXISTS (SELECT FROM books_sheet s WHERE s.id = NEW.reverses_id AND s.kind = 4) THEN
        PERFORM books_refuse('says of a loan between two bodies what the other book does not say', (
            SELECT NEW.id FROM (
                SELECT DISTINCT o.id, o.book_id, t.id AS twin_id, t.book_id AS twin_book_id FROM books_line l
                JOIN books_loan o ON o.id = l.loan_id JOIN books_loan t ON t.id = o.twin_id WHERE l.sheet_id = NEW.id
            ) pair WHERE (
                SELECT coalesce(sum(l.amount_paise), 0) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
                WHERE s.book_id IN (pair.book_id, pair.twin_book_id) AND l.loan_id IN (pair.id, pair.twin_id)
                    AND l.head IN (112, 212, 213)) <> 0 LIMIT 1));
    END IF;
    PERFORM set_config('umeed.viewer', viewer, true);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cut_off_agrees AFTER INSERT ON books_sheet DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 4 OR NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION books_cut_off_agrees();
"""
NO_CUT_OFFS = """
DROP TRIGGER cut_off_agrees ON books_sheet;
DROP FUNCTION books_cut_off_agrees();
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0004_what_attacks_taught")]
    operations = [
        migrations.RunSQL(TERMS, NO_TERMS),
        migrations.RunSQL(CLASHES, NO_CLASHES),
        migrations.RunSQL(CUT_OFFS, NO_CUT_OFFS),
    ]
