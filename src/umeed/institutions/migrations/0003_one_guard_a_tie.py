"""One guard a tie: what a composite key or the one-group rule already proves is not checked a second time.

Each guard costs on every row of a load of a whole mission. A membership's kind is now held equal to its institution's.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

# Row security holds for the owner too, so a check of rows that are already there needs to see them.
SEE_ALL = "SELECT set_config('umeed.viewer', 'system', true);"
GUARD = """
ALTER TABLE institutions_membership ADD CONSTRAINT membership_of_its_kind
    FOREIGN KEY (institution_id, kind) REFERENCES institutions_institution (id, kind)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
UNGUARD = "ALTER TABLE institutions_membership DROP CONSTRAINT membership_of_its_kind;"


class Migration(migrations.Migration):
    dependencies = [("institutions", "0002_guards_and_row_security")]
    operations = [
        migrations.RemoveConstraint(model_name="membership", name="woman_in_an_institution_once"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="woman_in_an_institution_once",
                expressions=[("woman", "="), ("institution", "="), ("during", "&&")],
                condition=models.Q(("kind", "shg"), _negated=True),
            ),
        ),
        migrations.AlterField(
            model_name="woman",
            name="household",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="women",
                to="institutions.household",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="institution",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="institutions.institution",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.UniqueConstraint(fields=("id", "kind"), name="institution_and_kind"),
        ),
        migrations.RunSQL(SEE_ALL, SEE_ALL),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
