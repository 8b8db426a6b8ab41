"""A group may resolve that a flat loan, whose principal was repaid early, is asked for no more interest: its last terms,
of nothing, by a resolution."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0015_a_head_says_what_its_line_names")]
    operations = [
        migrations.RemoveConstraint(model_name="agreement", name="agreement_on_something"),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("principal_paise__gt", 0),
                    models.Q(
                        models.Q(
                            ("carried__isnull", False),
                            models.Q(("resolution", ""), _negated=True),
                            _connector="OR",
                        ),
                        ("principal_paise", 0),
                    ),
                    _connector="OR",
                ),
                name="agreement_on_something",
            ),
        ),
    ]
