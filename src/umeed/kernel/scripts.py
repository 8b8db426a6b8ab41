"""Words written in the scripts of the region turned roughly into Latin letters, to compare and to search.

Perso-Arabic (Urdu, Kashmiri) leaves short vowels out and so does the result (سکینہ → 'skina'); Devanagari and Gurmukhi
write them (सकीना → 'sakina'). The result is for machines to compare, not for people to read: a name is always shown
as it was written.
"""

from __future__ import annotations

import re
from unicodedata import normalize

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_GURMUKHI = re.compile(r"[\u0a00-\u0a7f]")

# --- Perso-Arabic -----------------------------------------------------------------------------------------------

_ARABIC_CONSONANTS = {
    "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ڈ": "d",
    "ذ": "z", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "ts", "س": "s", "ش": "sh", "ص": "s", "ض": "z", "ط": "t", "ظ": "z",
    "غ": "gh", "ف": "f", "ق": "q", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ں": "n", "ھ": "h",
}  # fmt: skip
# ژ is 'ts' because Kashmiri writes it far more often than Urdu writes its 'zh'.
_ARABIC_VOWELS = {
    "آ": "a", "أ": "a", "إ": "i", "ٲ": "a", "ٳ": "a", "ئ": "i", "ؤ": "o", "ے": "e", "ێ": "e", "ۓ": "e",
    "ۆ": "o", "ۄ": "o", "ۅ": "o", "ۇ": "o",
}  # fmt: skip
_ARABIC_SAME = str.maketrans("يىېكهةۃەۂۀ", "یییکہہہہہہ", "ۍؠ")
_ARABIC_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0640]")
_SUN_LETTERS = "تثدذرزسشصضطظلن"


def _opens_with_vowel_letter(rest: str) -> bool:
    """Say whether a word that goes on with `rest` after ا or ع has و or ی there as its first vowel (ایمان, اوشا)."""
    return rest[:1] in ("و", "ی") and rest[1:2] in _ARABIC_CONSONANTS


def _waw(before: str, rest: str) -> str:
    """Return و as the consonant before a vowel (پروین, نواز), as a vowel before a consonant (نور, کوثر, زویا)."""
    if not before:
        return "w"
    if rest in ("یا", "یہ"):
        return "o"
    return "w" if rest[:1] in ("ا", "آ", "ی", "ے") or rest == "ہ" else "o"


def _yeh(before: str, rest: str) -> str:
    """Return ی as 'y' before a vowel (رضیہ, حیات), as 'i' elsewhere."""
    if not before:
        return "y"
    if rest in ("ا", "ہ"):
        return "iy" if before[-1] in _ARABIC_CONSONANTS else "y"
    return "y" if rest[:1] in ("ا", "آ", "و", "ے") else "i"


def _arabic_letter(before: str, letter: str, rest: str) -> str:
    if letter in ("ہ", "ح") and rest and before[-1:] in _ARABIC_CONSONANTS:
        return "ah"  # زہرا is Zahra: without its vowel the h would seem part of 'zh', 'sh', 'th', 'kh'
    if letter in _ARABIC_CONSONANTS:
        return _ARABIC_CONSONANTS[letter]
    if letter == "و":
        return _waw(before, rest)
    if letter == "ی":
        return _yeh(before, rest)
    if letter == "ہ":
        return "h" if rest or before[-1:] in ("", "ا") else "a"
    if letter == "ا":
        return "" if not before and _opens_with_vowel_letter(rest) else "a"
    if letter == "ع":
        silent = rest[:1] == "ا" or (before and not rest) or (not before and _opens_with_vowel_letter(rest))
        return "" if silent else "a"
    return _ARABIC_VOWELS.get(letter, "")


def _from_arabic(word: str) -> str:
    word = normalize("NFC", word).replace("یٰ", "ا").replace("ىٰ", "ا").replace("\u0670", "ا")
    word = _ARABIC_MARKS.sub("", word).translate(_ARABIC_SAME)
    if word in _URDU_WORDS:
        return _URDU_WORDS[word]
    if word.startswith("عبدال") and len(word) > 6:
        return f"abdul {_from_arabic(word[5:])}"
    if word.startswith("ال") and len(word) > 3 and word[2] in _SUN_LETTERS:  # the article, assimilated: النساء
        return f"u{_ARABIC_CONSONANTS[word[2]]} {_from_arabic(word[2:])}"
    return "".join(_arabic_letter(word[:i], c, word[i + 1 :]) for i, c in enumerate(word))


# Words of names so common that their unwritten vowels are worth knowing.
_URDU_WORDS = {
    "محمد": "mohammad", "احمد": "ahmad", "غلام": "ghulam", "عبدال": "abdul", "علی": "ali", "حسین": "hussain",
    "حسن": "hasan", "خان": "khan", "بٹ": "bhat", "شیخ": "sheikh", "لون": "lone", "ڈار": "dar", "میر": "mir",
    "بیگم": "begum", "بانو": "bano", "جان": "jan", "اختر": "akhtar", "خاتون": "khatoon", "بی": "bi", "گل": "gul",
    "فاطمہ": "fatima", "مریم": "maryam", "زینب": "zainab", "رقیہ": "ruqaya", "خدیجہ": "khadija", "صفیہ": "safiya",
    "حنا": "hina", "ہما": "huma", "نشا": "nisha", "لیلا": "laila", "نسا": "nisa", "سیدہ": "syeda", "سید": "syed",
    "پروین": "parveen", "نسرین": "nasreen", "یاسمین": "yasmeen", "شبنم": "shabnam", "کوثر": "kausar",
    "فردوس": "firdous", "سلما": "salma", "عشرت": "ishrat", "نصرت": "nusrat", "عصمت": "ismat", "الفت": "ulfat",
    "رخسانہ": "rukhsana", "ممتاز": "mumtaz", "بشرا": "bushra", "مسرت": "masarat", "نگہت": "nighat",
    "شگفتہ": "shagufta", "حمیرا": "humaira", "سمیرا": "sumaira", "عمیرہ": "umaira", "دیوی": "devi", "کور": "kaur",
    "سنگھ": "singh", "کماری": "kumari", "رانی": "rani", "سنیتا": "sunita", "انیتا": "anita", "اوشا": "usha",
}  # fmt: skip

# --- Devanagari and Gurmukhi ------------------------------------------------------------------------------------

_NUKTA, _VIRAMA, _SCHWA = "\u093c", "\u094d", "@"
_INDIC_CONSONANTS = {
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n", "च": "ch", "छ": "chh", "ज": "j", "झ": "jh", "ञ": "n",
    "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n",
    "प": "p", "फ": "f", "ब": "b", "भ": "bh", "म": "m", "य": "y", "र": "r", "ल": "l", "ळ": "l", "व": "v",
    "श": "sh", "ष": "sh", "स": "s", "ह": "h",
}  # fmt: skip
_WITH_NUKTA = {
    "क": "q", "ख": "kh", "ग": "gh", "ज": "z", "ड": "r", "ढ": "rh", "फ": "f", "स": "sh", "झ": "zh", "च": "ts",
}  # fmt: skip
_INDIC_VOWELS = {
    "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o",
    "औ": "au", "ऑ": "o", "ऍ": "e", "ऎ": "e", "ऒ": "o",
}  # fmt: skip
_VOWEL_SIGNS = {
    "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "ai", "ो": "o", "ौ": "au",
    "ॉ": "o", "ॅ": "e", "ॆ": "e", "ॊ": "o",
}  # fmt: skip
_NASALS = {"ं": "n", "ँ": "n"}


def _indic_sounds(word: str) -> list[str]:
    """Return the sounds of a word in order: consonants, vowels, and '@' for the vowel a consonant carries unwritten."""
    sounds: list[str] = []
    for i, letter in enumerate(word):
        following = word[i + 1 : i + 2]
        if letter in _INDIC_CONSONANTS:
            dotted = following == _NUKTA
            sounds.append(_WITH_NUKTA.get(letter, _INDIC_CONSONANTS[letter]) if dotted else _INDIC_CONSONANTS[letter])
            following = word[i + 2 : i + 3] if dotted else following
            if following not in _VOWEL_SIGNS and following != _VIRAMA:
                sounds.append(_SCHWA)
        elif letter in _VOWEL_SIGNS or letter in _INDIC_VOWELS:
            sounds.append(_VOWEL_SIGNS.get(letter) or _INDIC_VOWELS[letter])
        elif letter in _NASALS:
            sounds.append(_NASALS[letter])
    return sounds


def _is_vowel(sounds: list[str], at: int) -> bool:
    return 0 <= at < len(sounds) and sounds[at][0] in "aeiou@"


def _spoken(sounds: list[str]) -> str:
    """Drop the unwritten vowels that are not spoken: the last, and those in 'vowel consonant @ consonant vowel'."""
    if len(sounds) > 2 and sounds[-1] == _SCHWA:
        sounds = sounds[:-1]
    for at in range(len(sounds) - 2, 1, -1):
        alone_before = not _is_vowel(sounds, at - 1) and _is_vowel(sounds, at - 2)
        alone_after = not _is_vowel(sounds, at + 1) and _is_vowel(sounds, at + 2)
        if sounds[at] == _SCHWA and alone_before and alone_after:
            sounds = [*sounds[:at], *sounds[at + 1 :]]
    return "".join(sounds).replace(_SCHWA, "a")


def _from_devanagari(word: str) -> str:
    word = normalize("NFD", word).replace("ज्ञ", "ग्य")
    return _spoken(_indic_sounds(word))


def _from_gurmukhi(word: str) -> str:
    """Gurmukhi stands in Unicode in the order of Devanagari, one block further."""
    word = normalize("NFD", word).replace("\u0a70", "\u0a02")
    return _from_devanagari("".join(chr(ord(c) - 0x100) if 0xA01 <= ord(c) <= 0xA4D else c for c in word))


def to_latin(word: str) -> str:
    """Return one word in lower-case Latin letters, as far as its script is known here; else the word as it is."""
    if _ARABIC.search(word):
        return _from_arabic(word) or word
    if _DEVANAGARI.search(word):
        return _from_devanagari(word) or word
    if _GURMUKHI.search(word):
        return _from_gurmukhi(word) or word
    return word
