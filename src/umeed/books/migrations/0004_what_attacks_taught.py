"""Guards that were found missing by trying to get round those of 0002.

* A session in another isolation than READ COMMITTED looks at the state of its beginning, so that it would not see a
  month that was closed since: it posts nothing.
* When a sheet was recorded is said by the database, not by who writes it: what was known at a time stays known.
* A sheet reverses an earlier one, never itself, and two never each other.
* Whose a loan is, in which book and under which head, never changes, nor does a book go to another institution: what
  their lines say would become something else. Neither is removed; its lines name it without a foreign key.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION books_sheet_sees_what_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'sheets are posted in READ COMMITTED, not in %', current_setting('transaction_isolation')
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sheet_sees_what_is BEFORE INSERT ON books_sheet
    FOR EACH STATEMENT EXECUTE FUNCTION books_sheet_sees_what_is();

CREATE FUNCTION books_not_so() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: % refused', TG_ARGV[0], TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER sheet_recorded_now BEFORE INSERT ON books_sheet FOR EACH ROW
    WHEN (NEW.recorded_at IS DISTINCT FROM transaction_timestamp())
    EXECUTE FUNCTION books_not_so('a sheet is recorded now');
ALTER TABLE books_sheet ADD CONSTRAINT sheet_reverses_an_earlier_one CHECK (reverses_id < id);
ALTER TABLE books_sheet ADD CONSTRAINT reversal_reverses_something CHECK (kind <> 6 OR reverses_id IS NOT NULL);

CREATE TRIGGER loan_stays_whose_it_is BEFORE UPDATE ON books_loan FOR EACH ROW
    WHEN ((OLD.id, OLD.uid, OLD.book_id, OLD.way, OLD.head, OLD.woman_id, OLD.body_id)
            IS DISTINCT FROM (NEW.id, NEW.uid, NEW.book_id, NEW.way, NEW.head, NEW.woman_id, NEW.body_id)
        OR (OLD.twin_id IS NOT NULL AND OLD.twin_id IS DISTINCT FROM NEW.twin_id))
    EXECUTE FUNCTION books_not_so('a loan stays whose it is');
CREATE TRIGGER loan_stays BEFORE DELETE ON books_loan FOR EACH ROW EXECUTE FUNCTION books_not_so('loans stay');
CREATE TRIGGER loans_stay BEFORE TRUNCATE ON books_loan FOR EACH STATEMENT EXECUTE FUNCTION books_not_so('loans stay');
CREATE TRIGGER book_stays_whose_it_is BEFORE UPDATE ON books_book FOR EACH ROW
    WHEN ((OLD.id, OLD.institution_id) IS DISTINCT FROM (NEW.id, NEW.institution_id))
    EXECUTE FUNCTION books_not_so('a book stays whose it is');
CREATE TRIGGER book_stays BEFORE DELETE ON books_book FOR EACH ROW EXECUTE FUNCTION books_not_so('books stay');
CREATE TRIGGER books_stay BEFORE TRUNCATE ON books_book FOR EACH STATEMENT EXECUTE FUNCTION books_not_so('books stay');
"""
UNGUARD = """
DROP TRIGGER books_stay ON books_book;
DROP TRIGGER book_stays ON books_book;
DROP TRIGGER book_stays_whose_it_is ON books_book;
DROP TRIGGER loans_stay ON books_loan;
DROP TRIGGER loan_stays ON books_loan;
DROP TRIGGER loan_stays_whose_it_is ON books_loan;
ALTER TABLE books_sheet DROP CONSTRAINT reversal_reverses_something;
ALTER TABLE books_sheet DROP CONSTRAINT sheet_reverses_an_earlier_one;
DROP TRIGGER sheet_recorded_now ON books_sheet;
DROP FUNCTION books_not_so();
DROP TRIGGER sheet_sees_what_is ON books_sheet;
DROP FUNCTION books_sheet_sees_what_is();
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0003_a_cut_off_being_written")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
