"""Search that forgives spelling: a name by its sounds, a number by what it may be (an id elsewhere, a phone, a code).

Sounds are matched against a `SoundsField`, the spelling keys that a record keeps of its name. Row security lets no
index on part of a text be used before it has seen the row, so what makes this quick is the place: a block officer's
search reads her block's rows by place, a UT officer's the whole table once.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import django_filters
from django.db.models import Case, Q, SmallIntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from umeed.core.registers.filters import HouseFilter, Queryset
from umeed.core.scope import Scope
from umeed.kernel.digits import latin_digits
from umeed.kernel.names import JOINTS, fold, spelling_key

# Longer texts are no names; they would only make the database work.
LONGEST = 80
# From here on a text of digits alone is a code or a phone, and not part of a name ("Noor 12").
SHORTEST_CODE = 4
Numbers = Callable[[Scope, str], Any]


class NameSearch(HouseFilter, django_filters.CharFilter):
    """`q` in the address. `numbers` are (scope, text without blanks) → a queryset of ids or None, tried when the text
    holds a digit. One that finds by what not everybody may know (a phone) narrows itself to where the viewer may.
    `beside` keeps the sounds of a second name (a husband's) that words after the record's own may belong to.
    """

    def __init__(
        self, name: str = "name", key: str = "", *, beside: str = "", numbers: Sequence[Numbers] = (), **given: Any
    ) -> None:
        given.setdefault("label", _("Search"))
        super().__init__(field_name=name, max_length=LONGEST, **given)
        self.key, self.beside, self.numbers = key, beside, tuple(numbers)

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        text = " ".join(latin_digits(value or "").split())
        if not text:
            return qs
        alike = sounds_like(text, self.key, self.beside) if self.key else None
        if any(letter.isdigit() for letter in text):
            by_name = Q(**{f"{self.field_name}__icontains": text})
            return self._by_number(qs, text, by_name)
        # Sounds find all that a part of the text would find at the beginning of a word; folding the case of every
        # name on top would double the work for a whole UT.
        return qs.filter(alike if alike is not None else Q(**{f"{self.field_name}__icontains": text}))

    def closeness(self, value: Any) -> Case:
        """What to sort the found by: written so at the beginning, written so, each word sounding whole, begun only.

        Sounds forgive much (Zooni finds every Zainab, whose sounds begin with hers), so what is closest stands first.
        """
        text = " ".join(latin_digits(value or "").split())
        steps = [Q(**{f"{self.field_name}__istartswith": text}), Q(**{f"{self.field_name}__icontains": text})]
        if self.key and (whole := sounds_like(text, self.key, self.beside, whole=True)) is not None:
            steps.append(whole)
        cases = [When(step, then=Value(at)) for at, step in enumerate(steps)]
        return Case(*cases, default=Value(len(steps)), output_field=SmallIntegerField())

    def _by_number(self, qs: Queryset, text: str, by_name: Q) -> Queryset:
        bare = "".join(letter for letter in text if letter.isalnum() or letter in "/_")
        found = [ids for ids in (number(self.scope, bare) for number in self.numbers) if ids is not None]
        if not found:
            return qs.filter(by_name)
        # One union of few ids, so that each is looked up by its own index.
        wanted = Q(pk__in=found[0].union(*found[1:]) if len(found) > 1 else found[0])
        return qs.filter(wanted if bare.isdigit() and len(bare) >= SHORTEST_CODE else wanted | by_name)


def sounds_like(text: str, key: str, beside: str = "", *, whole: bool = False) -> Q | None:
    """Rows whose key column has, for each word of the text, a word that begins with its sounds; None without sounds.

    Words may stand in any order, and each may be unfinished. A short word's vowel is part of its key (Noor, not Nar);
    it may be the beginning of a longer name that has none there (Gula → Ghulam), so both are tried.
    With `beside`, a second key column, each word may stand in either, and at least one stands in the first.
    `whole` wants words that sound so from beginning to end.
    """
    has = _has_whole if whole else _has
    sounds = [sound for word in _words(text) if (sound := _beginnings(spelling_key(word)))]
    if not sounds:
        return None
    own = [has(key, each) for each in sounds]
    if len(sounds) == 1 or not beside:
        return reduce(and_, own)
    either = [mine | has(beside, each) for mine, each in zip(own, sounds, strict=True)]
    return reduce(and_, either, reduce(or_, own))


def _has(key: str, beginnings: Sequence[str]) -> Q:
    """A word in the key column that begins with one of these sounds."""
    return reduce(or_, (Q(**{f"{key}__startswith": one}) | Q(**{f"{key}__contains": f" {one}"}) for one in beginnings))


def _has_whole(key: str, beginnings: Sequence[str]) -> Q:
    """Of sounds, which are capital letters alone; only asked of rows that are found."""
    return Q(**{f"{key}__regex": rf"\m{beginnings[0]}\M"})


def _words(text: str) -> list[str]:
    """The words to look for. A joint at the end (Mehr un …) waits for a word, with which names are written as one."""
    words = fold(text).split()
    return words[:-1] if len(words) > 1 and words[-1] in JOINTS else words


def _beginnings(sound: str) -> tuple[str, ...]:
    if len(sound) == 3 and sound[1] in "IEU":
        return (sound, sound[0] + sound[2])
    return (sound,) if sound else ()
