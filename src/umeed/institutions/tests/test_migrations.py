"""Migrations that fill what was not kept before."""

from importlib import import_module
from types import SimpleNamespace

from django.db import connection

from umeed.core.viewer import as_viewer
from umeed.institutions.models import Woman
from umeed.institutions.tests.making import make_woman
from umeed.kernel.names import spelling_key


def test_women_of_before_are_found_by_their_husbands_names(valley):
    first = make_woman(valley.chinar, belonging_name="Gulam Butt")
    second = make_woman(valley.chinar)
    Woman.objects.update(belonging_key="")
    fill = import_module("umeed.institutions.migrations.0014_belonging_names_by_sound")._fill
    with as_viewer(""):  # as nobody, as migrations run
        fill(None, SimpleNamespace(connection=connection))
    kept = dict(Woman.objects.values_list("pk", "belonging_key"))
    assert kept == {first.pk: spelling_key("Ghulam Bhat"), second.pk: spelling_key(second.belonging_name)}
