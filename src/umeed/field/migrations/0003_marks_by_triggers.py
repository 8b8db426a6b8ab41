"""Whatever changes what a phone keeps of a group marks the group with the number of the transaction that did it.

A statement marks a group once, a transaction once (the same mark again is nothing), and no two transactions ever wait for
each other's marks: their numbers differ. What changed is little beside what is there, so all is found by its key, also by
a plan that was made while a first load believed the tables empty. For its length a trigger looks as the product: it must see the book of a line
whoever writes.
"""

from django.db import migrations

EVENTS = {"ins": ("INSERT", "NEW"), "upd": ("UPDATE", "NEW"), "del": ("DELETE", "OLD")}
OF_BOOK = "SELECT b.institution_id FROM changed c JOIN books_book b ON b.id = c.book_id"
# Of what a VO or CLF writes about a group: what was sent to it, what it has there.
OF_BODIES = f"""{OF_BOOK} UNION
    SELECT l.body_id FROM changed c JOIN books_book b ON b.id = c.book_id
        JOIN institutions_institution i ON i.id = b.institution_id AND i.kind <> 'shg'
        JOIN books_line l ON l.sheet_id = c.id WHERE l.body_id IS NOT NULL"""
OF_WOMAN = "SELECT m.institution_id FROM changed c JOIN institutions_membership m ON m.woman_id = c.id"
# Whose name stands in the parts of those below, too.
OF_INSTITUTION = """SELECT c.id FROM changed c UNION
    SELECT f.member_id FROM changed c JOIN institutions_federation f ON f.above_id = c.id WHERE c.kind <> 'shg'"""
ITS_OWN = "SELECT c.institution_id FROM changed c"

BOOKS = ("meeting", "loan", "agreement", "creditlimit", "loanrequest", "loandecision", "bylaw", "monthlock", "cutoff",
         "clash")  # fmt: skip
TOUCHES = {
    **{f"books_{table}": ("book", ("ins", "upd", "del")) for table in BOOKS},
    "books_sheet": ("sheet", ("ins",)),
    "books_book": ("own", ("ins", "upd")),
    "institutions_membership": ("own", ("ins", "upd", "del")),
    "institutions_officeterm": ("own", ("ins", "upd", "del")),
    "institutions_federation": ("member", ("ins", "upd", "del")),
    # A woman comes with her membership, and goes after it.
    "institutions_woman": ("woman", ("upd",)),
    "institutions_institution": ("institution", ("ins", "upd")),
}
FUNCTIONS = {
    "book": OF_BOOK, "sheet": OF_BODIES, "own": ITS_OWN, "member": "SELECT c.member_id FROM changed c",
    "woman": OF_WOMAN, "institution": OF_INSTITUTION,
}  # fmt: skip


def _function(name, groups):
    return f"""
        CREATE FUNCTION field_mark_by_{name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
        DECLARE viewer text := coalesce(current_setting('umeed.viewer', true), '');
        BEGIN
            PERFORM set_config('umeed.viewer', 'system', true);
            INSERT INTO field_mark (group_id, xid)
                SELECT DISTINCT g.id, pg_current_xact_id()::text::bigint FROM ({groups}) AS g (id)
                ON CONFLICT DO NOTHING;
            PERFORM set_config('umeed.viewer', viewer, true);
            RETURN NULL;
        END $$;
    """


def _trigger(table, name, short):
    event, side = EVENTS[short]
    return f"""
        CREATE TRIGGER field_mark_{short} AFTER {event} ON {table}
            REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION field_mark_by_{name}();
    """


MAKE = "".join(_function(*one) for one in FUNCTIONS.items()) + "".join(
    _trigger(table, name, short) for table, (name, shorts) in TOUCHES.items() for short in shorts
)
DROP = "".join(
    f"DROP TRIGGER field_mark_{short} ON {table};" for table, (_name, shorts) in TOUCHES.items() for short in shorts
) + "".join(f"DROP FUNCTION field_mark_by_{name}();" for name in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0002_row_security"),
        ("books", "0020_those_that_are_there_too"),
        ("institutions", "0014_belonging_names_by_sound"),
    ]
    operations = [migrations.RunSQL(MAKE, DROP)]
