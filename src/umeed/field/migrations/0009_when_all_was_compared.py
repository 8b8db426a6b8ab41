"""The last day on which a phone that brought nothing was compared."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0008_what_does_not_agree")]
    operations = [migrations.AddField("device", "compared_on", models.DateField(null=True, blank=True))]
