"""Fonts: cut to the letters that the pages ask for."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from umeed.core.management.commands import make_fonts
from umeed.core.tests.drawing import RULES


def ranges_of(font_file: str) -> set[int]:
    face = next(block for block in re.findall(r"@font-face \{(.*?)\}", RULES, re.S) if font_file in block)
    listed = re.search(r"unicode-range: (.*?);", face, re.S)
    assert listed
    return set(make_fonts.code_points(listed[1].replace("U+", "").replace(",", " ")))


@pytest.mark.parametrize("face", make_fonts.FACES, ids=lambda face: face.name)
def test_a_page_asks_for_every_character_that_a_font_keeps(face: make_fonts.Face) -> None:
    assert set(make_fonts.code_points(face.characters)) <= ranges_of(face.name)


def test_fonts_are_cut_to_what_is_asked(tmp_path: Path) -> None:
    source = next(face for face in make_fonts.FACES if face.name == "umeed-naskh")
    face = make_fonts.Face("few", source.package, source.member, "627-628 6CC")
    target = tmp_path / "few.woff2"
    size = make_fonts.cut(face, target)
    font = TTFont(target)
    assert set(font.getBestCmap()) == {0x627, 0x628, 0x6CC}
    assert [(a.axisTag, a.minValue, a.maxValue) for a in font["fvar"].axes] == [("wght", 400, 700)]
    assert size < 12_000


def test_urdu_has_its_nastaliq_small_enough_for_a_first_page(tmp_path: Path) -> None:
    face = next(face for face in make_fonts.FACES if face.name == "umeed-nastaliq")
    target = tmp_path / "nastaliq.woff2"
    assert make_fonts.cut(face, target) < 150_000
    letters = set(TTFont(target).getBestCmap())
    assert {ord(letter) for letter in "اآبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےئؤۃ۔،؟"} <= letters
    # One letter of Kashmiri is not there, so that its pages stay with our Naskh: whoever finds it may change the sheet.
    assert {letter for letter in "ؠٲٳۄۆێٖ" if ord(letter) not in letters} == {"ێ"}
    assert "Umeed Nastaliq" not in RULES.rsplit(":root:lang(ks) {", 1)[1].split("}", 1)[0]


def test_fonts_are_made_once(tmp_path: Path) -> None:
    assert not make_fonts.are_made(tmp_path)
    for face in make_fonts.FACES:
        (tmp_path / f"{face.name}.woff2").write_bytes(b"font")
    (tmp_path / make_fonts.RECIPE_FILE).write_text(make_fonts.recipes())
    assert make_fonts.are_made(tmp_path)
    (tmp_path / make_fonts.RECIPE_FILE).write_text("another recipe")
    assert not make_fonts.are_made(tmp_path)
