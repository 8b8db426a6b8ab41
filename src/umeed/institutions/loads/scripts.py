"""Names in other scripts as one cell gives them: which text is in which language, as the forms tell it."""

from collections.abc import Callable
from typing import Any

from umeed.institutions.loads.cells import language_of, parts_of
from umeed.kernel.digits import plain_text
from umeed.kernel.refusals import N_, Refusal, warning

_TWO_IN_ONE = N_("Two names are in the same script; the cell is left out.")
_NAMES = ("names_local", "belonging_names_local")


def settle(said: dict[str, Any], known: Callable[[str], Any] | None) -> list[Refusal]:
    """Turn the texts that a row gives as names in other scripts into {language: name}; a cell is the whole of them.

    known  asked for what the record has now: a name that is there already stays as it is written, in its language
    """
    reasons = []
    for key in _NAMES:
        if not isinstance(texts := said.get(key), list):
            continue
        names = _by_language(texts, (known(key) if known else None) or {})
        if names is None:
            reasons.append(warning(key, "two_in_one_script", _TWO_IN_ONE))
            del said[key]
        else:
            said[key] = names
    return reasons


def _by_language(texts: list[str], known: dict[str, str]) -> dict[str, str] | None:
    """None where two of the texts are in one language."""
    if texts == [part for name in known.values() for part in parts_of(plain_text(name))]:
        return known
    kept = {plain_text(name): language for language, name in known.items() if name}
    names: dict[str, str] = {}
    for text in texts:
        language = kept.get(text) or language_of(text) or "en"
        if language in names:
            return None
        names[language] = known[language] if text in kept else text
    return names
