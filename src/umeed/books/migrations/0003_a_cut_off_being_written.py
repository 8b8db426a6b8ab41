"""A cut-off that is being written; what a loan that was taken over asks for; a cut-off stays as it was posted.

The cut-off comes before the book: what is being written belongs to the institution, and is seen with it.
"""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

SEEN = "EXISTS (SELECT 1 FROM institutions_institution i WHERE i.id = institution_id)"
DOOR = f"(SELECT umeed_viewer_is_system()) OR {SEEN}"
SECURE = f"""
ALTER TABLE books_opencutoff ENABLE ROW LEVEL SECURITY;
ALTER TABLE books_opencutoff FORCE ROW LEVEL SECURITY;
CREATE POLICY books_opencutoff_seen ON books_opencutoff USING ({DOOR}) WITH CHECK ({DOOR});
"""
UNSECURE = """
DROP POLICY books_opencutoff_seen ON books_opencutoff;
ALTER TABLE books_opencutoff NO FORCE ROW LEVEL SECURITY;
ALTER TABLE books_opencutoff DISABLE ROW LEVEL SECURITY;
"""
# Who checked it is written once, beside what was posted; nothing else of it changes.
STAYS = """
CREATE FUNCTION books_cut_off_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.checked_by = ''
        AND (NEW.id, NEW.book_id, NEW.version, NEW.sheet_id, NEW.said, NEW.meetings_before)
            = (OLD.id, OLD.book_id, OLD.version, OLD.sheet_id, OLD.said, OLD.meetings_before) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a cut-off stays as it was posted: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER cut_off_stays BEFORE UPDATE OR DELETE ON books_cutoff FOR EACH ROW EXECUTE FUNCTION books_cut_off_stays();
CREATE TRIGGER cut_offs_stay BEFORE TRUNCATE ON books_cutoff FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
"""
GOES = """
DROP TRIGGER cut_offs_stay ON books_cutoff;
DROP TRIGGER cut_off_stays ON books_cutoff;
DROP FUNCTION books_cut_off_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0002_the_ledger_guards_itself"),
        ("institutions", "0014_belonging_names_by_sound"),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="agreement", name="agreement_on_something"),
        migrations.AddField(
            model_name="agreement",
            name="carried",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(principal_paise__gt=0)
                | models.Q(principal_paise=0, carried__isnull=False, overdue_interest_paise__gt=0),
                name="agreement_on_something",
            ),
        ),
        migrations.CreateModel(
            name="OpenCutOff",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("typed", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("begun_at", models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())),
                ("begun_by", models.CharField(max_length=64)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="books.cutoff",
                    ),
                ),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_cut_off",
                        to="institutions.institution",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(SECURE, UNSECURE),
        migrations.RunSQL(STAYS, GOES),
    ]
