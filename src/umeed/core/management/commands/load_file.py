"""Loads a spreadsheet from a shell, in a person's name: the same dry run, the same report, consent by `--apply`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from umeed.core import doors
from umeed.core.actions import Refused
from umeed.core.loads import acts, files, queries, steps, tabs
from umeed.core.loads.layouts import layout, layouts_for
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.loads.options import options_of, written
from umeed.core.loads.workbooks import reasons_in_words
from umeed.core.scope import Scope
from umeed.core.viewer import as_viewer

SHOWN_REFUSED = 20


class Command(BaseCommand):
    help = "Check a spreadsheet as the load page does; --apply loads it. `PROGRESS percent words` tells how far it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="whose postings decide what may be loaded")
        parser.add_argument("--layout", default="", help="the kind of file; found out by its headings when left out")
        parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE", help="what the layout asks")
        parser.add_argument("--apply", action="store_true", help="load it when no row is refused")
        parser.add_argument(
            "--good", action="store_true", help="with --apply: load the good rows, leave out the refused"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        by = self._person(given["username"])
        load = self._received(by, given["file"], given["layout"])
        self._go_on(load)
        if load.state == State.MAPPING:
            self._answer(load, by, given["option"])
        if load.state != State.JUDGED:
            raise CommandError(self._reasons(load))
        self._tell(load, by)
        if given["apply"] and load.counts["chosen"]:
            self._apply(load, by, acts.GOOD if given["good"] else acts.WHOLE)

    def _person(self, username: str) -> Scope:
        person = get_user_model().objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {username}.")
        by = doors.scope_of_viewer(str(person.pk))
        if not by.can("loads.make"):
            raise CommandError(f"{person} may not load spreadsheets today.")
        return by

    def _received(self, by: Scope, path: Path, key: str) -> Load:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if key and key not in (known := [each.key for each in layouts_for(by)]):
            raise CommandError(f"This person may load: {', '.join(known)}.")

        def pieces() -> Any:
            with path.open("rb") as source:
                while piece := source.read(files.PIECE_BYTES):
                    yield piece

        with as_viewer(by.viewer):
            return acts.receive_file(by=by, file_name=path.name, pieces=pieces, layout_key=key)

    def _go_on(self, load: Load) -> None:
        steps.go_on(load.pk, self._progress)
        load.refresh_from_db()

    def _progress(self, done: int, total: int, words: str) -> None:
        self.stdout.write(f"PROGRESS {min(100, done * 100 // total) if total else 0} {words}")
        self.stdout.flush()

    def _answer(self, load: Load, by: Scope, given: list[str]) -> None:
        """Questions that can be answered from a shell: the layout's own. Columns are mapped on the page."""
        if load.refusals or not load.layout_key:
            raise CommandError(self._reasons(load))
        options, reasons = written(layout(load.layout_key), dict(text.partition("=")[::2] for text in given))
        if reasons:
            asked = ", ".join(option.key for option in options_of(layout(load.layout_key)))
            raise CommandError(f"Give --option KEY=VALUE for: {asked}. " + " ".join(str(each) for each in reasons))
        with as_viewer(by.viewer):
            acts.answer(load, by=by, layout_key=load.layout_key, mapped=load.mapping, options=options)
        self._go_on(load)

    def _reasons(self, load: Load) -> str:
        told = [str(reason) for reason in queries.told(load.refusals)]
        return "\n".join(told) or f"The load stands at “{load.get_state_display()}”."

    def _tell(self, load: Load, by: Scope) -> None:
        for part in queries.notes_by_sheet(load):
            for note in part["notes"]:
                self.stdout.write(f"Note: {part['sheet']}: {note}" if part["sheet"] else f"Note: {note}")
        self.stdout.write(tabs.counts_in_words(load) or "No rows.")
        with as_viewer(by.viewer):
            for row in LoadRow.objects.filter(load=load, what="refuse").order_by("id")[:SHOWN_REFUSED]:
                self.stdout.write(f"Refused: {row.sheet} row {row.number} ({row.shown}): {reasons_in_words(row)}")

    def _apply(self, load: Load, by: Scope, which: str) -> None:
        try:
            with as_viewer(by.viewer):
                acts.consent(load, by=by, revision=load.revision, which=which)
        except Refused as refused:
            raise CommandError("\n".join(str(each) for each in refused.refusals)) from None
        self._go_on(load)
        if load.state != State.APPLIED:
            raise CommandError(self._reasons(load))
        self.stdout.write(f"Loaded: {load.counts['chosen']} rows. Load {load.pk}")
