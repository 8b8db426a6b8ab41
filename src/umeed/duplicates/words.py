"""How comparisons and changes are said on pages: each sign in words with a mark, never by colour alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.core.templatetags.umeed_parts import icon


@dataclass(frozen=True, eq=False)
class Mark:
    """A sign in words: `kind` is good (speaks for one woman), warn (weakly) or bad (against). One object a sign."""

    text: Any
    kind: str
    icon: str


def _for(text: Any) -> Mark:
    return Mark(text, "good", "check")


def _weakly(text: Any) -> Mark:
    return Mark(text, "warn", "")


def _against(text: Any) -> Mark:
    return Mark(text, "bad", "close")


SIGNS: Mapping[tuple[str, str], Mark] = {
    ("name", "same"): _for(_("Name sounds the same")),
    ("name", "word_more"): _weakly(_("One name has a word more")),
    ("name", "close"): _weakly(_("Names differ by few letters")),
    ("name", "first_word"): _weakly(_("First name the same")),
    ("name", "differs"): _against(_("Another name")),
    ("belonging", "same"): _for(_("Relative's name sounds the same")),
    ("belonging", "word_more"): _weakly(_("Relative's name has a word more")),
    ("belonging", "close"): _weakly(_("Relative's name nearly the same")),
    ("belonging", "first_word"): _weakly(_("Relative's first name the same")),
    ("belonging", "differs"): _against(_("Another relative's name")),
    ("born", "same_day"): _for(_("Born on the same day")),
    ("born", "same_year"): _for(_("Born in the same year")),
    ("born", "near_year"): _weakly(_("Born within two years")),
    ("born", "some_years"): _weakly(_("Born within five years")),
    ("born", "differs"): _against(_("Years of birth far apart")),
    ("phone", "same"): _for(_("Same phone")),
    ("phone", "differs"): _against(_("Another phone")),
    ("account", "same"): _for(_("Same bank account")),
    ("account", "differs"): _against(_("Another bank account")),
    ("identity", "same"): _for(_("Same identity number")),
    ("identity", "differs"): _against(_("Another identity number")),
    ("place", "same_village"): _for(_("Same village")),
    ("place", "same_panchayat"): _weakly(_("Same panchayat")),
    ("place", "same_block"): _weakly(_("Same block")),
    ("place", "differs"): _against(_("Another block")),
}
AGREES: Mapping[str, Mark] = {
    "same": _for(_("The same")),
    "alike": Mark(_("Alike"), "good", "check"),
    "differs": _against(_("Differs")),
    "one": Mark(_("Only in one"), "", ""),
    "none": Mark(_("In neither"), "", ""),
}
# What a merge did with what hangs on a woman, by the label of its model: whole sentences, for a word and a number
# beside each other read badly in every language.
CAME_OR_ENDED: Mapping[tuple[str, str], Any] = {
    ("came", "institutions.membership"): ngettext_lazy(
        "%(shown)s membership came over to the kept record.",
        "%(shown)s memberships came over to the kept record.",
        "n",
    ),
    ("ended", "institutions.membership"): ngettext_lazy(
        "%(shown)s membership ended, for it was entered twice.",
        "%(shown)s memberships ended, for they were entered twice.",
        "n",
    ),
    ("came", "institutions.officeterm"): ngettext_lazy(
        "%(shown)s office came over to the kept record.",
        "%(shown)s offices came over to the kept record.",
        "n",
    ),
    ("ended", "institutions.officeterm"): ngettext_lazy(
        "%(shown)s office ended, for it was entered twice.",
        "%(shown)s offices ended, for they were entered twice.",
        "n",
    ),
    ("came", "institutions.signatory"): ngettext_lazy(
        "%(shown)s right to sign came over to the kept record.",
        "%(shown)s rights to sign came over to the kept record.",
        "n",
    ),
    ("ended", "institutions.signatory"): ngettext_lazy(
        "%(shown)s right to sign ended, for it was entered twice.",
        "%(shown)s rights to sign ended, for they were entered twice.",
        "n",
    ),
    ("came", "institutions.consent"): ngettext_lazy(
        "%(shown)s consent came over to the kept record.",
        "%(shown)s consents came over to the kept record.",
        "n",
    ),
    ("ended", "institutions.consent"): ngettext_lazy(
        "%(shown)s consent ended, for it was entered twice.",
        "%(shown)s consents ended, for they were entered twice.",
        "n",
    ),
    ("came", "institutions.alias"): ngettext_lazy(
        "%(shown)s id of another system came over to the kept record.",
        "%(shown)s ids of other systems came over to the kept record.",
        "n",
    ),
    ("ended", "institutions.alias"): ngettext_lazy(
        "%(shown)s id of another system ended, for it was entered twice.",
        "%(shown)s ids of other systems ended, for they were entered twice.",
        "n",
    ),
}
BAND_KINDS = {"certain": "good", "likely": "info", "maybe": ""}


def marks_of(signs: Mapping[str, str]) -> list[Mark]:
    """The signs of a pair in words, what speaks for one woman first; what is unknown is left out."""
    found = [SIGNS[(key, sign)] for key, sign in signs.items() if (key, sign) in SIGNS]
    order = ("good", "warn", "bad")
    return sorted(found, key=lambda mark: order.index(mark.kind))


def drawn(marks: Sequence[Mark]) -> SafeString:
    """Marks as badges, as `core/parts/badge.html` draws one; a list shows hundreds of them, and they are few."""
    language = get_language() or ""
    return mark_safe("".join(_badge(mark, language) for mark in marks))  # noqa: S308  (each is escaped below)


@lru_cache(maxsize=512)
def _badge(mark: Mark, language: str) -> SafeString:
    drawing = icon(mark.icon) if mark.icon else ""
    return format_html('<li><span class="badge is-{}">{}{}</span></li>', mark.kind, drawing, mark.text)
