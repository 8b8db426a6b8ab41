"""Our own words in every language that we ship: a file that was exported in one of them comes back as it is."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import override


def in_every_language(words: Any) -> list[str]:
    """A text that is to be translated, in all our languages; English first, as it is where nobody has translated it."""
    return [text for (text,) in in_each_language([words])]


def in_each_language(several: Iterable[Any]) -> list[tuple[str, ...]]:
    """Texts that belong together, in all our languages: all of them in the one, all in the next."""
    texts, said = list(several), []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(tuple(str(text) for text in texts))
    return list(dict.fromkeys(said))
