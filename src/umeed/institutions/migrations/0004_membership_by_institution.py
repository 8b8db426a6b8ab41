"""A membership points at its institution by id alone again.

With the kind in the key, a check planned on the statistics of a still empty table walks the index by kind: a first load
of 100,000 women then took minutes at its commit instead of seconds.
"""

import django.db.models.deletion
from django.db import migrations, models

DROP = """
SELECT set_config('umeed.viewer', 'system', true);
ALTER TABLE institutions_membership DROP CONSTRAINT membership_of_its_kind;
"""
PUT_BACK = """
SELECT set_config('umeed.viewer', 'system', true);
ALTER TABLE institutions_membership ADD CONSTRAINT membership_of_its_kind
    FOREIGN KEY (institution_id, kind) REFERENCES institutions_institution (id, kind)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0003_one_guard_a_tie")]
    operations = [
        migrations.RunSQL(DROP, PUT_BACK),
        migrations.RemoveConstraint(model_name="institution", name="institution_and_kind"),
        migrations.AlterField(
            model_name="membership",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="institutions.institution",
            ),
        ),
    ]
