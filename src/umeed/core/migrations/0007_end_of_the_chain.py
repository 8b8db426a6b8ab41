"""The end of the audit chain in one question: first its lock, then its last entry, as it is once the lock is held."""

from django.db import migrations

END = """
CREATE FUNCTION core_chain_end(OUT seq bigint, OUT hash varchar) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7013001);
    SELECT e.seq, e.hash INTO seq, hash FROM core_auditentry e ORDER BY e.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        seq := 0;
        hash := repeat('0', 64);
    END IF;
END $$;
COMMENT ON FUNCTION core_chain_end() IS 'The last entry of the audit chain; locks the chain until the transaction ends.';
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_count_what_waits")]
    operations = [migrations.RunSQL(END, "DROP FUNCTION core_chain_end()")]
