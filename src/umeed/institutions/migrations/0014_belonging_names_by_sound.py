"""The sounds of her husband's or father's name, so that a search for Halima of Ghulam Nabi finds the right Halima."""

from typing import Any

from django.db import migrations

from umeed.core.fields import SoundsField
from umeed.kernel.names import spelling_key


def _fill(apps: Any, schema_editor: Any) -> None:
    """A name is worked out once, however many women bear it beside theirs. Marks all villages for a recount."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('umeed.viewer', 'system', true)")
        cursor.execute("SELECT DISTINCT belonging_name FROM institutions_woman WHERE belonging_name <> ''")
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "UPDATE institutions_woman w SET belonging_key = known.key "
            "FROM unnest(%s::text[], %s::text[]) AS known (name, key) WHERE w.belonging_name = known.name",
            [names, [spelling_key(name)[:200] for name in names]],
        )


class Migration(migrations.Migration):
    dependencies = [("institutions", "0013_a_short_second_door")]
    operations = [
        migrations.AddField("woman", "belonging_key", SoundsField(of="belonging_name"), preserve_default=False),
        migrations.AlterField("woman", "name_key", SoundsField(of="name")),
        migrations.AlterField("institution", "name_key", SoundsField(of="name")),
        migrations.RunPython(_fill, migrations.RunPython.noop),
    ]
