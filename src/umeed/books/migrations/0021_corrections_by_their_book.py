"""Which meetings of a book stand is asked at every meeting: the corrections of one book are found by themselves.

PostgreSQL went through those of all books to find it, and for a book whose meetings come after the last of them through
every meeting there is: 1 s of each closing in a district, where a year of corrections are three in a thousand.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0020_those_that_are_there_too")]
    operations = [
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(
                condition=models.Q(("replaces__isnull", False)), fields=["book", "replaces"], name="correction_by_book"
            ),
        ),
    ]
