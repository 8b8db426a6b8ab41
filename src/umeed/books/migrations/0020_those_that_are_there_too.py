"""What was posted before is of a known kind and of amounts that there can be (0019): looked at once."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("books", "0019_kinds_and_amounts_have_bounds")]
    operations = [
        ValidateConstraint("sheet", "sheet_of_a_known_kind"),
        ValidateConstraint("line", "line_of_an_amount_there_can_be"),
    ]
