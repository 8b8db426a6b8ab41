"""Names as women's names are written here: one name, many spellings, three scripts.

`fold` gives a plain Latin form for showing likeness; `spelling_key` gives the sounds that spellings of one name share
(Ghulam = Gulam, Mohd = Mohammad, Shaheena = Shahina, فاطمہ = Fatima = फ़ातिमा). Keys are for finding candidates: two
names with one key are alike, not the same. A woman's name is always kept and shown as it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, normalize

from umeed.kernel.digits import plain_text
from umeed.kernel.scripts import to_latin

# Forms of address, dropped only in front of a name. Begum, Bano, Devi, Jan, Kumari belong to the name and stay.
_ADDRESS_WORDS = """smt smti shrimati shrimti shreemati srimati mst msst musamat mussamat musammat mussammat masmat
    msmat mrs ms miss mr dr shri shree sri sh sr janab sahiba mohtarma mhtrma late lt"""
_ADDRESS = frozenset(_ADDRESS_WORDS.split())

# Arabic joints inside one name: Mehr un Nisa, Shams ud Din, Noor ul Ain.
JOINTS = frozenset(("un", "ul", "ud", "us", "ur", "uz", "ut"))

# Spellings no rule of sound brings together: abbreviations of the registers, and a few great families of variants.
_SPELT = {
    variant: name
    for name, variants in {
        "ghulam": "gh ghlm glm",
        "abdul": "ab abd abdl abdur abdus abdud abdu abdool",
        "bhat": "butt but bhut batt bat",
        "khadija": "khatija khateeja khatija khatja khatji khateja khadeeja",
        "sheikh": "shaikh shaykh sheik shaik shikh shk",
        "beg": "baig",
        "sayed": "syed sayyed saiyed sayyid sayid",
        "sayeda": "syeda syeeda sayyeda sayyida saiyida",
        "kausar": "kawsar",
        "zeba": "zaiba",
        "singh": "sing",
        "phunchok": "phuntsog phuntsok phunsog phunchog phunsok punchok puntsog",
        "laxmi": "luxmi lakhmi lachmi laxami",
    }.items()
    for variant in variants.split()
}

# Md, Mohd, Mohammad, Muhammed … have a key of their own, or Mehmooda would share it.
_MOHAMMAD = re.compile(r"md|m[ou]?h[aou]*m*[aeu]*d")

_OTHER_LATIN = str.maketrans(
    {"ø": "o", "ł": "l", "ı": "i", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "ŋ": "ng"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['`´‘’ʼʻʾʿ]")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65_536)
def _fold_word(word: str) -> str:
    """Return one word (no blanks) of any script in plain Latin, perhaps as several words; accents off."""
    latin = to_latin(word)
    for _ in range(2):  # twice: taking a compatibility form apart can leave a capital
        latin = _ACCENTS.sub("", normalize("NFKD", latin).casefold().translate(_OTHER_LATIN))
    return normalize("NFC", latin)


class _Spaced(dict[int, int | str]):
    """For `str.translate`: letters, marks and digits stay, everything else is a blank; each character asked once."""

    def __missing__(self, code: int) -> int | str:
        self[code] = code if category(chr(code))[0] in "LMN" else " "
        return self[code]


_SPACED = _Spaced()


def _words_of_any_script(name: str) -> list[str]:
    name = _APOSTROPHES.sub("", plain_text(normalize("NFKC", name)))
    folded = " ".join([_fold_word(word) for word in name.translate(_SPACED).split()])
    return [word for word in folded.split() if not all(category(c)[0] == "M" for c in word)]


def _jointed(words: list[str]) -> list[str]:
    """Write what Arabic joints hold together as one word: mehr un nisa → mehrunnisa."""
    out: list[str] = []
    for at, word in enumerate(words):
        joint = word in JOINTS and at + 1 < len(words)
        if out and (joint or word == "ullah" or (at >= 2 and words[at - 1] in JOINTS)):
            out[-1] += word
        else:
            out.append(word)
    return out


def fold(name: str) -> str:
    """Return a name in plain lower-case Latin words, one blank apart, without forms of address in front.

    'Smt. Fatimā  BEGUM' → 'fatima begum'; 'फ़ातिमा बेगम' → 'fatima begam'; 'فاطمہ بیگم' → 'fatima begum'.
    Letters of a script not known here are kept. Empty only when the name has neither letter nor digit.
    """
    if name.isascii():
        words = _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", name.lower())).split()
    else:
        words = _words_of_any_script(name)
    while len(words) > 1 and words[0] in _ADDRESS:
        del words[0]
    return " ".join(_jointed(words))


# --- Sounds -----------------------------------------------------------------------------------------------------

_SOUNDS = re.compile(
    r"(?P<A>ksh|x)|(?P<C>tsh|tch|ts|chh?)|(?P<X>sch|sh)|(?P<K>kh|ck|q|k|c(?![eiy]))|(?P<G>gh|g)|(?P<F>ph|f)|(?P<B>bh|b)"
    r"|(?P<D>dh|d)|(?P<T>th|t)|(?P<J>jh|j)|(?P<Z>zh|z)|(?P<L>^lh|l)|(?P<V>wh|v|(?<!o)w|w(?=[aeiouy]))|(?P<S>s|c)"
    r"|(?P<Y>^y(?=[aeiou]))|(?P<H>h)|(?P<M>m)|(?P<N>n)|(?P<P>p)|(?P<R>r)|(?P<vowel>[aeiouyw]+?(?=[^aeiouyw]|$|w[aeiouy]))"
)
_GLIDE = re.compile(r"y+(?=[aeiou])")
_ENDS_YA = re.compile(r"[iye]+a+$")


def _vowel_class(vowels: str) -> str:
    """Return I, E (ai, ay, ae), U, or '' for a: how the vowels between two consonants sound, lengths left aside."""
    plain = _GLIDE.sub("", vowels)
    if re.search(r"a[iey]", plain):
        return "E"
    return "I" if re.search(r"[iey]", plain) else "U" if re.search(r"[uow]", plain) else ""


def _opening(vowels: str, closed: bool) -> str:
    """Return the sound a name opens with. Before two consonants Urdu does not write which one it is (اقرا, عشرت)."""
    if closed:
        return "A"
    if vowels[0] == "a":
        return {"E": "AI", "U": "U"}.get(_vowel_class(vowels), "A")
    return _vowel_class(vowels) or "A"


def _sounds(word: str) -> tuple[list[str], list[str]]:
    """Return (consonants, vowels): vowels[i] stand before consonants[i], the last ones at the end of the word."""
    consonants: list[str] = []
    vowels = [""]
    for found in _SOUNDS.finditer(word):
        sound = str(found.lastgroup)
        if sound == "vowel":
            vowels[-1] += found[0]
            continue
        for symbol in "KX" if sound == "A" else sound:
            if not (consonants and consonants[-1] == symbol and not vowels[-1]):  # doubled letters are one sound
                consonants.append(symbol)
                vowels.append("")
    if len(consonants) > 1 and consonants[-1] == "H" and not vowels[-1]:  # Fatimah, Shah
        consonants.pop()
        vowels.pop()
    return consonants, vowels


@lru_cache(maxsize=65_536)
def _word_key(word: str) -> str:
    if _MOHAMMAD.fullmatch(word):
        return "MD"
    word = _SPELT.get(word, word)
    if not word.isascii() or not word.isalpha():
        return word.upper() if word.isascii() else word
    consonants, vowels = _sounds(word)
    if not consonants:
        return _vowel_class(vowels[0]) or "A"
    opening = _opening(vowels[0], len(consonants) > 1 and not vowels[1]) if vowels[0] else ""
    if _ENDS_YA.search(vowels[-1]):
        return opening + "".join(consonants) + "Y"
    if not opening and len(consonants) <= 2:  # so short that the vowel must tell Rani from Rina and Noor from Nar
        consonants.insert(1, _vowel_class(vowels[1]))
    return opening + "".join(consonants)


def spelling_key(name: str) -> str:
    """Return the key that the spellings of one name share: a word of sounds for each word of the name, in order.

    Consonants as they sound (KH, Q, K → K; SH → X; TS, CH → C), vowels only where they tell common names apart.
    """
    return " ".join([_word_key(word) for word in fold(name).split()])


def spelling_keys(name: str) -> frozenset[str]:
    """Return the keys of the words of a name, for finding it whatever the order of its words."""
    return frozenset(spelling_key(name).split())
