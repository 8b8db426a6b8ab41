"""A line names a woman of the book's own institution; and what the ledger itself holds, no foreign key asks again.

That a woman was ever in the group, or in one below the VO or CLF, was asked by the product, and at night; now the sheet's
trigger asks it, from the members of its book, found at once: an eighth less of a load's time than looking for each line's
woman among all. Only who is not among them by the record that the line names is looked for further.

Who a sheet or a movement belongs to is looked at by the same trigger, and books stay: neither is deleted, emptied away or
given another number (0004). The two foreign keys that asked it again for every sheet and head took a tenth.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

one_pass = import_module("umeed.books.migrations.0009_a_sheet_is_proven_in_one_pass")

WHOLE = one_pass._part(
    one_pass.GUARDS, "CREATE OR REPLACE FUNCTION books_sheet_is_whole", "DROP TRIGGER what_is_between"
)


def _instead(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        if before not in text:
            raise LookupError(before)
        text = text.replace(before, after, 1)
    return text


BELONGED = """
CREATE FUNCTION umeed_belonged(woman uuid, institution uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        WITH RECURSIVE below (id) AS (
            SELECT institution UNION SELECT f.member_id FROM below JOIN institutions_federation f ON f.above_id = below.id
        )
        SELECT FROM umeed_merged_women(umeed_kept_woman(woman)) AS her (id)
            JOIN institutions_membership m ON m.woman_id = her.id JOIN below ON below.id = m.institution_id
    );
END $$;
COMMENT ON FUNCTION umeed_belonged(uuid, uuid) IS
    'Whether she was ever a member of the institution, or of one that ever was below it, by any record of hers.';
"""

OF_THE_BOOK = _instead(
    WHOLE,
    (
        """OR (l.woman_id IS NOT NULL
                        AND NOT EXISTS (SELECT FROM institutions_woman w WHERE w.id = l.woman_id OFFSET 0))""",
        """OR (l.woman_id IS NOT NULL AND l.woman_id <> ALL (own.women)
                        AND NOT umeed_belonged(l.woman_id, b.institution_id))""",
    ),
    (
        "        CROSS JOIN LATERAL (\n",
        """        CROSS JOIN LATERAL (SELECT ARRAY(SELECT m.woman_id FROM institutions_membership m
            WHERE m.institution_id = b.institution_id OFFSET 0) AS women OFFSET 0) own
        CROSS JOIN LATERAL (\n""",
    ),
    (
        "FILTER (WHERE p.on_date < b.opened_on) AS early,",
        "FILTER (WHERE b.id IS NULL) AS nowhere,\n        min(p.id) FILTER (WHERE p.on_date < b.opened_on) AS early,",
    ),
    ("coalesce(seen.early,", "coalesce(seen.nowhere, seen.early,"),
    (
        "        PERFORM books_refuse('is of a day before",
        "        PERFORM books_refuse('its book is not there', seen.nowhere);\n"
        "        PERFORM books_refuse('is of a day before",
    ),
    ("or somebody who is not there", "or a woman who never was of this one, or a body that is not there"),
)  # fmt: skip


def _book(of: str, name: str) -> migrations.AlterField:
    field = models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=name, to="books.book"
    )  # fmt: skip
    return migrations.AlterField(of, "book", field)


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0013_limits_change_and_last_terms_go"),
        ("institutions", "0013_a_short_second_door"),
    ]
    operations = [
        migrations.RunSQL(BELONGED, "DROP FUNCTION umeed_belonged(uuid, uuid)"),
        migrations.RunSQL(OF_THE_BOOK, WHOLE),
        _book("sheet", "sheets"),
        _book("movement", "movements"),
    ]
