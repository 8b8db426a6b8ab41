"""Our own words in every language that we ship: a file that was exported in one of them comes back as it is."""

from typing import Any

from django.conf import settings
from django.utils.translation import override


def in_every_language(words: Any) -> list[str]:
    """A text that is to be translated, in all our languages; English first, as it is where nobody has translated it."""
    said = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(str(words))
    return list(dict.fromkeys(said))
