"""An entry of the audit chain, with what it touched, in one statement: three were sent, two of them while all who write wait.

The hash is worked out where the entry before is read. What is hashed comes spelt from who writes (`chain.canonical`) but for
its first two values, which are known only then: digits and hexadecimal digits, which JSON spells as they are.
"""

from django.db import migrations

APPEND = """
CREATE FUNCTION core_chain_append(entry jsonb, spelt text, changes jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE before record; number bigint; digest text;
BEGIN
    INSERT INTO core_auditchange (entry_id, position, kind, "table", subject_id, before, after)
        SELECT (entry ->> 'id')::uuid, (one ->> 0)::int, one ->> 1, one ->> 2, one ->> 3,
            nullif(one -> 4, 'null'), nullif(one -> 5, 'null')
        FROM jsonb_array_elements(changes) one;
    SELECT e.seq, e.hash INTO before FROM core_chain_end() e;
    number := before.seq + 1;
    digest := encode(sha256(convert_to('["' || before.hash || '",' || number || ',' || spelt, 'UTF8')), 'hex');
    INSERT INTO core_auditentry SELECT * FROM jsonb_populate_record(NULL::core_auditentry,
        entry || jsonb_build_object('seq', number, 'prev_hash', before.hash, 'hash', digest));
END $$;
COMMENT ON FUNCTION core_chain_append(jsonb, text, jsonb) IS
    'Appends an entry to the audit chain, with its changes; `spelt` is what is hashed after the hash before and the number.';
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0007_end_of_the_chain")]
    operations = [migrations.RunSQL(APPEND, "DROP FUNCTION core_chain_append(jsonb, text, jsonb)")]
