"""Names from a directory's capitals, and the fold that compares two spellings."""

import pytest

from umeed.places.naming import fold, tidy


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ANANTNAG", "Anantnag"),
        ("B.K.PORA", "B.K. Pora"),
        ("D.H. PORA", "D.H. Pora"),
        ("GM PORA (TRESPONE)", "GM Pora (Trespone)"),
        ("BHALESSA(GANDOH)", "Bhalessa (Gandoh)"),
        ("LOHAI-MALHAR", "Lohai-Malhar"),
        ("  Chanunta   Dalsar ", "Chanunta Dalsar"),
        ("CHAK II", "Chak II"),
        ("trehgam", "Trehgam"),
        ("S K Pora", "S K Pora"),
        ("McLeod Ganj", "McLeod Ganj"),
    ],
)
def test_tidy(written, read):
    assert tidy(written) == read
    assert tidy(read) == read, "twice is once"


def test_fold_ignores_case_signs_and_accents():
    assert fold("KHAN-SAHIB") == fold("Khan Sahib") == "khansahib"
    assert fold("Lēh (Ladakh)") == "lehladakh"
    assert fold("Leh") != fold("Lehi")
