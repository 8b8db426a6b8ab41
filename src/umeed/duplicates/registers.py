"""What this room adds to the register of women: which records were merged into one, and their history with hers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from umeed.core.registers.declare import Panel
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import moment
from umeed.duplicates import queries
from umeed.institutions.models import Woman
from umeed.institutions.registers import women


def tell_of_merges() -> None:
    """Put the panel and the history of merged records on a woman's page. Called once, with the addresses."""
    if any(panel.key == "merges" for panel in women.panels):
        return
    women.panels = (
        *women.panels,
        Panel(
            "merges", _("Merged records"), queries.SETTLE,
            (_("Record"), _("Merged at"), _("Merged by"), _("Why")), _merges,
        ),
    )  # fmt: skip
    given = women.history_of
    women.history_of = lambda woman: [*(given(woman) if given else ()), *_merged_records(woman)]


def _merges(scope: Scope, woman: Woman) -> Sequence[tuple[Any, ...]]:
    return [
        (
            format_html(
                '<a href="{}">{}</a>', reverse("duplicates:merge", args=[one.pk]),
                one.merged.name if one.survivor_id == woman.pk else one.survivor.name,
            ),
            moment(one.merged_at), one.merged_by, one.why,
        )
        for one in queries.merges_of(scope, woman.pk)
        if one.undone_at is None
    ]  # fmt: skip


def _merged_records(woman: Woman) -> Iterable[tuple[str, str]]:
    merged = Woman.objects.filter(merged_into=woman.pk).values_list("pk", flat=True)
    return [("institutions_woman", str(pk)) for pk in merged]
