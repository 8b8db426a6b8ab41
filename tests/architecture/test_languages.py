"""Hindi and Urdu are complete, sit where they belong, and say the words of docs/words.md."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from umeed.books.heads import CHART
from umeed.core.language import HOME, LANGUAGES, gathered, read

ROOT = Path(__file__).resolve().parents[2]
SLOT = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|<[^>]+>")
SCRIPT = {"hi": re.compile(r"[\u0900-\u097F]"), "ur": re.compile(r"[\u0600-\u06FF]")}
# A whole text in the phone's code, wherever it stands: also within `${…}`, and under a context.
OF_SCRIPTS = re.compile(r'\b(?:t|N_|plural|(?:tc|inContext|pluralc)\("[^"]*",)\s*\(?\s*"((?:[^"\\]|\\.)*)"(?!\s*\+)')
# Names and codes that stay as they are in every language.
LATIN_ONLY = re.compile(r"^[\W\d_]*([A-Z]{2,}|Umeed|LokOS|Excel|CSV|XLSX|JSON|API|OpenAPI|[\W\d_])*[\W\d_]*$")


@pytest.fixture(scope="module")
def said() -> Catalog:
    return gathered()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> tuple[str, Catalog]:
    return request.param, read(request.param)


def _texts(message: object) -> list[str]:
    return list(message) if isinstance(message, (tuple, list)) else [str(message)]


def test_nothing_is_missing_and_nothing_is_left_over(said: Catalog, language: tuple[str, Catalog]) -> None:
    name, catalogue = language
    wanted = {(m.context, next(iter(_texts(m.id)))) for m in said if m.id}
    there = {(m.context, next(iter(_texts(m.id)))) for m in catalogue if m.id}
    assert wanted - there == set(), f"{name}: run `./umeed manage update_languages` and translate"
    assert there - wanted == set(), f"{name}: no longer said"
    empty = [m.id for m in catalogue if m.id and not all(_texts(m.string))]
    assert empty == [], f"{name}: {len(empty)} not translated"


def test_all_that_the_phone_says_is_gathered_from_its_code(said: Catalog) -> None:
    of_phones = {
        next(iter(_texts(m.id))) for m in said if any(str(file).endswith(".js") for file, _line in m.locations)
    }
    scripts = [file.read_text() for file in (HOME / "field" / "static").rglob("*.js")]
    written = {text for script in scripts for text in OF_SCRIPTS.findall(script)}
    assert len(written) > 500
    assert sorted(text for text in written if text not in of_phones) == []


def test_slots_are_kept(language: tuple[str, Catalog]) -> None:
    name, catalogue = language
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        wanted = set(SLOT.findall(_texts(message.id)[-1]))
        wrong += [(message.id, text) for text in _texts(message.string) if text and set(SLOT.findall(text)) != wanted]
    assert wrong == [], f"{name}: slots or tags differ"


def test_texts_are_in_their_script_with_latin_digits(language: tuple[str, Catalog]) -> None:
    name, catalogue = language
    foreign = [
        m.id
        for m in catalogue
        if m.id
        for text in _texts(m.string)
        if text and not SCRIPT[name].search(text) and not LATIN_ONLY.match(SLOT.sub("", text))
    ]
    assert foreign == [], f"{name}: left in English"
    digits = [m.id for m in catalogue for text in _texts(m.string) if re.search(r"[०-९۰-۹٠-٩]", text or "")]
    assert digits == [], f"{name}: digits are Latin everywhere"


def _terms(language: str) -> dict[str, str]:
    column = {"hi": 2, "ur": 3}[language]
    rows = [line.split("|") for line in (ROOT / "docs" / "words.md").read_text().splitlines() if line.startswith("| ")]
    return {row[1].strip(): row[column].strip() for row in rows[1:] if row[column].strip()}


def test_a_head_that_begins_with_a_short_form_runs_from_the_right() -> None:
    """A browser takes the direction of a text that stands alone from its first letter: "VO سے قرض" would be turned."""
    titles = [title for head in CHART if (title := str(read("ur").get(head.title).string))]
    assert [title for title in titles if re.match("[A-Za-z]", title)] == []


def test_no_text_is_shifted(language: tuple[str, Catalog]) -> None:
    """The words of docs/words.md stand where their English stands: a catalogue moved by one line fails here."""
    name, catalogue = language
    wrong = []
    for english, word in _terms(name).items():
        message = catalogue.get(english)
        if message is not None and message.string != word:
            wrong.append((english, word, message.string))
    assert wrong == []
    lengths = [
        (m.id, m.string)
        for m in catalogue
        if isinstance(m.id, str) and len(m.id) > 60 and not 0.3 < len(str(m.string)) / len(m.id) < 2.2
    ]
    assert lengths == [], f"{name}: far too short or long for what it translates"


def test_a_date_in_an_urdu_text_stands_isolated() -> None:
    """Between Arabic letters a browser turns 25-01-2016 round; Unicode's isolates keep it as it is written."""
    bare = re.compile(r"(?<![\u2066\d-])\d{2}-\d{2}-\d{4}")
    assert [m.id for m in read("ur") if m.id and any(bare.search(text) for text in _texts(m.string))] == []
