"""The database refuses to change the audit chain; the table that keeps throttles and short memories;
and the extensions that later rooms need."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

GUARD = """
CREATE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER auditentry_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER auditentry_no_truncate BEFORE TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER auditchange_append_only BEFORE UPDATE OR DELETE ON core_auditchange
    FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER auditchange_no_truncate BEFORE TRUNCATE ON core_auditchange
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

CREATE FUNCTION core_chain_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    PERFORM pg_advisory_xact_lock(7013001);
    SELECT seq, hash INTO last FROM core_auditentry ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.prev_hash <> coalesce(last.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'audit entry % does not follow the chain', NEW.seq USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER auditentry_follows BEFORE INSERT ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_chain_next();

-- A change may only join an entry of its own transaction: nothing is hung on an old entry later.
CREATE FUNCTION core_change_joins_new_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM core_auditentry WHERE id = NEW.entry_id) THEN
        RAISE EXCEPTION 'audit change joins an entry that is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER auditchange_joins_new BEFORE INSERT ON core_auditchange
    FOR EACH ROW EXECUTE FUNCTION core_change_joins_new_entry();
"""
UNGUARD = """
DROP TRIGGER auditchange_joins_new ON core_auditchange;
DROP FUNCTION core_change_joins_new_entry();
DROP TRIGGER auditentry_follows ON core_auditentry;
DROP FUNCTION core_chain_next();
DROP TRIGGER auditchange_no_truncate ON core_auditchange;
DROP TRIGGER auditchange_append_only ON core_auditchange;
DROP TRIGGER auditentry_no_truncate ON core_auditentry;
DROP TRIGGER auditentry_append_only ON core_auditentry;
DROP FUNCTION core_append_only();
"""
CACHE = """
CREATE TABLE core_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_records_and_audit_chain")]
    operations = [
        # Dated truths, search that forgives spelling. All three are trusted: the owner of the database may create them.
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(CACHE, "DROP TABLE core_cache"),
    ]
