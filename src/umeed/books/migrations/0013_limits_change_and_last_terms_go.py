"""The limit of a cash credit is said again, dated; and the last terms of a loan go while nothing has happened on them.

* A limit that was said stays: another one follows. It is of a cash credit of the same book, and not of a day before it.
* What was agreed anew is taken back like a write-off while nothing moved under it; so is a cash credit of which nothing
  was drawn, which no sheet brought. Of a loan that stands in two books the terms stay: both go by them.
"""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import umeed.kernel.ids

OWN_TABLES = "SET search_path = public, pg_temp"
terms = import_module("umeed.books.migrations.0005_terms_stay_and_linked_loans_agree")

LIMITS = f"""
CREATE FUNCTION books_limit_of_a_credit() RETURNS trigger LANGUAGE plpgsql {OWN_TABLES} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM books_loan o WHERE o.id = NEW.loan_id AND o.book_id = NEW.book_id
        AND o.is_cash_credit AND o.head = 'loan_from_bank' AND o.lent_on <= NEW.since) THEN
        RAISE EXCEPTION 'limit of loan %: it is no cash credit of this book on %', NEW.loan_id, NEW.since
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER limit_of_a_credit BEFORE INSERT ON books_creditlimit FOR EACH ROW
    EXECUTE FUNCTION books_limit_of_a_credit();
CREATE TRIGGER limit_stays BEFORE UPDATE OR DELETE ON books_creditlimit FOR EACH ROW
    EXECUTE FUNCTION books_not_so('a limit that was said stays');
CREATE TRIGGER limits_stay BEFORE TRUNCATE ON books_creditlimit FOR EACH STATEMENT
    EXECUTE FUNCTION books_not_so('a limit that was said stays');
"""
NO_LIMITS = """
DROP TRIGGER limits_stay ON books_creditlimit;
DROP TRIGGER limit_stays ON books_creditlimit;
DROP TRIGGER limit_of_a_credit ON books_creditlimit;
DROP FUNCTION books_limit_of_a_credit();
"""

_STAY = terms.TERMS[
    terms.TERMS.index("CREATE FUNCTION books_terms_stay()") : terms.TERMS.index("CREATE TRIGGER terms_stay")
]
STAY_AS_BEFORE = _STAY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_REVERSED = "    IF NOT EXISTS (\n        SELECT FROM books_sheet r JOIN books_sheet s"
_LAST_MAY_GO = """
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM books_loan o WHERE o.id = OLD.loan_id AND o.twin_id IS NULL AND (o.is_cash_credit
            OR EXISTS (SELECT FROM books_agreement a WHERE a.loan_id = OLD.loan_id AND a.since < OLD.since)))
        AND NOT EXISTS (SELECT FROM books_agreement a WHERE a.loan_id = OLD.loan_id AND a.since > OLD.since)
        AND NOT EXISTS (SELECT FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
            WHERE s.book_id = OLD.book_id AND l.loan_id = OLD.loan_id AND s.on_date >= OLD.since
                AND s.reverses_id IS NULL AND NOT EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = s.id)) THEN
        RETURN OLD;
    END IF;
"""
STAY = STAY_AS_BEFORE.replace(_REVERSED, _LAST_MAY_GO.lstrip("\n") + _REVERSED)
assert STAY != STAY_AS_BEFORE

_IS_OPEN = (
    "(SELECT umeed_viewer_is_system()) OR book_id = (SELECT umeed_open_book())"
    " OR book_id IN (SELECT b FROM umeed_books() b)"
)
DOOR = f"""
ALTER TABLE books_creditlimit ENABLE ROW LEVEL SECURITY;
ALTER TABLE books_creditlimit FORCE ROW LEVEL SECURITY;
CREATE POLICY books_creditlimit_seen ON books_creditlimit USING ({_IS_OPEN}) WITH CHECK ({_IS_OPEN});
"""
NO_DOOR = """
DROP POLICY books_creditlimit_seen ON books_creditlimit;
ALTER TABLE books_creditlimit NO FORCE ROW LEVEL SECURITY;
ALTER TABLE books_creditlimit DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0012_only_interest_is_left")]
    operations = [
        migrations.CreateModel(
            name="CreditLimit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=umeed.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("since", models.DateField(verbose_name="Since")),
                ("limit_paise", models.BigIntegerField(verbose_name="Limit of the cash credit")),
                (
                    "why",
                    models.CharField(blank=True, max_length=240, verbose_name="Letter of the bank: number and day"),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="books.book",
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="limits", to="books.loan"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("limit_paise__gte", 0)), name="limit_of_something")
                ],
            },
        ),
        migrations.RunSQL(LIMITS, NO_LIMITS),
        migrations.RunSQL(DOOR, NO_DOOR),
        migrations.RunSQL(STAY, STAY_AS_BEFORE),
    ]
