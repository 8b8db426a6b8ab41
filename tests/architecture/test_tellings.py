"""Who did what is told in words: every action, every kind of record and every column that the chain can hold."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, Model
from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import override

from umeed.core.audit_pages import queries, words
from umeed.core.fields import SoundsField
from umeed.core.language import LANGUAGES
from umeed.core.models import Written

HOME = Path(__file__).resolve().parents[2] / "src" / "umeed"
# A load's own columns are the machinery of reading a file: hashes, progress, marks.
MACHINERY = {"core_load"}
DID = re.compile(r'(?<![\w.])did="(\w+)"(?: if [^"]+ else "(\w+)")?')


def _written() -> list[type[Model]]:
    """The models whose records are written inside `audited`, and therefore stand in the chain."""
    return [model for model in apps.get_models() if issubclass(model, Written)]


def _titled_models() -> list[type[Model]]:
    return [model for model in _written() if model._meta.db_table not in MACHINERY]


@pytest.fixture(autouse=True)
def _everything_is_there() -> None:
    """Registers speak when the addresses are read, as they are before the first page."""
    assert get_resolver().url_patterns


def _done() -> set[str]:
    """Every action that the source writes into the chain."""
    files = [file for file in HOME.rglob("*.py") if "tests" not in file.parts]
    return {key for file in files for pair in DID.findall(file.read_text()) for key in pair if key}


def test_every_action_is_said_in_every_language() -> None:
    done = _done()
    assert len(done) > 55 and {"rename_place", "make_api_token", "invent_groups", "move_place", "merge_women"} <= done
    assert done - set(words._said) == set()
    for language in LANGUAGES:
        with override("en"):
            english = {key: words.said(key) for key in done}
        with override(language):
            assert [key for key in sorted(done) if words.said(key) == english[key]] == [], language


def test_every_kind_of_record_is_called_something_that_can_be_translated() -> None:
    written = _written()
    assert len(written) > 15
    plain = [model._meta.db_table for model in written if not _is_called(model)]
    assert plain == []


@pytest.mark.parametrize("model", _titled_models(), ids=lambda model: model._meta.db_table)
def test_every_column_is_titled(model: type[Model]) -> None:
    table = model._meta.db_table
    told = [field for field in model._meta.concrete_fields if not isinstance(field, SoundsField)]
    fields = [field for field in told if field.name not in queries._SILENT]
    assert [field.name for field in fields if not _is_titled(table, field)] == []


def _is_called(model: type[Model]) -> bool:
    return model._meta.db_table in words._called or isinstance(model._meta.verbose_name, Promise)


def _is_titled(table: str, field: Field) -> bool:
    return field.name in words._titled.get(table, {}) or isinstance(field._verbose_name, Promise)
