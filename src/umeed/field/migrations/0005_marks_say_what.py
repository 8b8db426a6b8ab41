"""A mark says what of a group was touched, so that only that is built anew for a phone that has the rest.

What was marked before says nothing of it, and stands for all. What goes or is put otherwise where rows only come, too.
"""

from django.db import migrations, models

ALL, OWN, WOMEN, LOANS, MEETINGS, QUEUE, SHEETS = range(7)
ROWS = ("ins", "upd", "del")
EVENTS = {"ins": ("INSERT", "NEW"), "upd": ("UPDATE", "NEW"), "del": ("DELETE", "OLD")}
OF_BOOK = "SELECT b.institution_id, NULL::int FROM changed c JOIN books_book b ON b.id = c.book_id"
# Of what a VO or CLF writes about a group: what was sent to it, what it has there.
OF_BODIES = f"""SELECT b.institution_id, {SHEETS} FROM changed c JOIN books_book b ON b.id = c.book_id UNION
    SELECT l.body_id, {OWN} FROM changed c JOIN books_book b ON b.id = c.book_id
        JOIN institutions_institution i ON i.id = b.institution_id AND i.kind <> 'shg'
        JOIN books_line l ON l.sheet_id = c.id WHERE l.body_id IS NOT NULL"""
OF_WOMAN = "SELECT m.institution_id, NULL::int FROM changed c JOIN institutions_membership m ON m.woman_id = c.id"
# Whose name stands in the parts of those below, too.
OF_INSTITUTION = """SELECT c.id, NULL::int FROM changed c UNION
    SELECT f.member_id, NULL FROM changed c JOIN institutions_federation f ON f.above_id = c.id WHERE c.kind <> 'shg'"""
FUNCTIONS = {
    "book": OF_BOOK, "sheet": OF_BODIES, "own": "SELECT c.institution_id, NULL::int FROM changed c",
    "member": "SELECT c.member_id, NULL::int FROM changed c", "woman": OF_WOMAN, "institution": OF_INSTITUTION,
}  # fmt: skip
# By whose rows which part changes, when one comes, is changed, goes.
TOUCHES = {
    "books_meeting": ("book", (MEETINGS, ALL, ALL)), "books_loan": ("book", (LOANS, LOANS, ALL)),
    "books_agreement": ("book", (LOANS, LOANS, ALL)), "books_creditlimit": ("book", (ALL, ALL, ALL)),
    "books_loanrequest": ("book", (QUEUE, QUEUE, ALL)), "books_loandecision": ("book", (QUEUE, QUEUE, ALL)),
    "books_bylaw": ("book", (OWN, OWN, OWN)), "books_clash": ("book", (OWN, OWN, OWN)),
    "books_monthlock": ("book", (OWN, ALL, ALL)), "books_cutoff": ("book", (ALL, ALL, ALL)),
    "books_sheet": ("sheet", (SHEETS,)), "books_book": ("own", (ALL, ALL)),
    "institutions_membership": ("own", (WOMEN, WOMEN, WOMEN)), "institutions_officeterm": ("own", (WOMEN, WOMEN, WOMEN)),
    "institutions_federation": ("member", (OWN, OWN, OWN)), "institutions_institution": ("institution", (OWN, OWN)),
    # A woman comes with her membership, and goes after it.
    "institutions_woman": ("woman", (None, WOMEN)),
}  # fmt: skip


def _function(name, groups, *, says=True):
    columns, what = (", what", ", coalesce(g.what, TG_ARGV[0]::int)") if says else ("", "")
    return f"""
        CREATE OR REPLACE FUNCTION field_mark_by_{name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
        DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), '');
        BEGIN
            PERFORM set_config('umeed.viewer', 'system', true);
            INSERT INTO field_mark (group_id, xid{columns})
                SELECT DISTINCT g.id, pg_current_xact_id()::text::bigint{what} FROM ({groups}) AS g (id, what)
                ON CONFLICT DO NOTHING;
            PERFORM set_config('umeed.viewer', viewer, true);
            RETURN NULL;
        END $$;
    """


def _triggers(table, name, whats, *, says=True):
    for short, what in zip(ROWS, whats, strict=False):
        if what is not None:
            event, side = EVENTS[short]
            yield f"""
                DROP TRIGGER field_mark_{short} ON {table};
                CREATE TRIGGER field_mark_{short} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION field_mark_by_{name}({what if says else ""});
            """


MAKE = (
    """
    ALTER TABLE field_mark ADD COLUMN what smallint NOT NULL DEFAULT 0;
    ALTER TABLE field_mark DROP CONSTRAINT field_mark_pkey;
    ALTER TABLE field_mark ADD PRIMARY KEY (group_id, xid, what);
    """
    + "".join(_function(*one) for one in FUNCTIONS.items())
    + "".join(text for table, how in TOUCHES.items() for text in _triggers(table, *how))
)


DROP = (
    "".join(_function(*one, says=False) for one in FUNCTIONS.items())
    + "".join(text for table, how in TOUCHES.items() for text in _triggers(table, *how, says=False))
    + """
    DELETE FROM field_mark m USING field_mark k WHERE k.group_id = m.group_id AND k.xid = m.xid AND k.what < m.what;
    ALTER TABLE field_mark DROP CONSTRAINT field_mark_pkey;
    ALTER TABLE field_mark DROP COLUMN what;
    ALTER TABLE field_mark ADD PRIMARY KEY (group_id, xid);
    """
)
STATE = [
    migrations.DeleteModel("Mark"),
    migrations.CreateModel(
        name="Mark",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "group", "xid", "what", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("group", models.UUIDField(db_column="group_id")),
            ("xid", models.BigIntegerField()),
            ("what", models.SmallIntegerField(db_default=0, default=0)),
        ],
    ),
]


class Migration(migrations.Migration):
    dependencies = [("field", "0004_one_try_after_the_other")]
    operations = [migrations.RunSQL(MAKE, DROP, state_operations=STATE)]
