"""An audit entry says at which place the action belongs, so that an officer sees who did what in her own place only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_chain_guard_and_cache")]
    operations = [
        migrations.AddField("auditentry", "place_id", models.BigIntegerField(null=True)),
        migrations.AddIndex("auditentry", models.Index(fields=["place_id", "-seq"], name="audit_by_place")),
    ]
