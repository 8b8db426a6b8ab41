"""A flat loan whose principal was repaid early goes on asking the interest that was agreed: also in a book that takes it
over, where nothing of it is overdue yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0011_a_book_that_is_open")]
    operations = [
        migrations.RemoveConstraint(model_name="agreement", name="agreement_on_something"),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal_paise__gt", 0))
                | models.Q(("carried__isnull", False), ("principal_paise", 0)),
                name="agreement_on_something",
            ),
        ),
    ]
