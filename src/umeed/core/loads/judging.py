"""The dry run: reads the file, finds out what it is, and stores a verdict for every row. Writes nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils import timezone

from umeed.core.actions import Refused
from umeed.core.loads import differences, files, mapping, reading, rows
from umeed.core.loads.headings import plain, why_not_clear
from umeed.core.loads.layouts import Layout, Progress, SheetRow, Unread, Verdict, layouts_for
from umeed.core.loads.models import Load, State
from umeed.core.loads.options import options_of
from umeed.core.loads.progress import silent
from umeed.core.loads.translated import in_every_language
from umeed.core.loads.working import TakesTooLong, attempt, layout_of, stored
from umeed.core.models import AuditEntry
from umeed.core.scope import Scope
from umeed.core.sheets import Book
from umeed.kernel.refusals import N_, Refusal, warning

READING, CHECKING = N_("Reading the file"), N_("Checking the rows")
_TO_JUDGE = (State.RECEIVED, State.READING, State.JUDGING)
_EVERY_ROWS = 500
_FILE_GONE = N_("The file is kept no longer. Load it again.")
_NO_ROWS = N_("The file holds headings, but no rows below them.")
UNREAD = "unread_columns"
_UNREAD = N_("Columns that are not read: %(headings)s.")
_NOT_KNOWN = N_("Umeed does not know this file by its headings. Say what it holds and which column is which.")
_BEFORE = N_("The same file was loaded on %(day)s by %(name)s. What is known already is left as it is.")


def judge_load(load_id: UUID, progress: Progress = silent, *, seconds: float | None = None) -> None:
    """Read and judge a load that was received or mapped. With `seconds`, raises TakesTooLong when they run out."""
    until = None if seconds is None else time.monotonic() + seconds

    def work(load: Load, by: Scope, progress: Progress) -> None:
        _read_and_judge(load, by, progress, until)

    attempt(load_id, _TO_JUDGE, work, progress, broken=fail)


def fail(load: Load, refusals: Sequence[Refusal]) -> None:
    """What cannot be read is not kept; why it could not is."""
    files.forget(load)
    rows.clear(load)
    Load.objects.filter(pk=load.pk).update(state=State.FAILED, refusals=stored(refusals), samples="")


def _read_and_judge(load: Load, by: Scope, progress: Progress, until: float | None) -> None:
    progress(0, 0, READING)
    with opened_book_of(load) as book:
        if load.state != State.JUDGING:
            _find_out(load, book, by)
            if load.state == State.MAPPING:
                return keep(load, "layout_key", "found", "samples", "mapping", "state", "refusals")
        judge_book(load, book, by, progress, until)


@contextmanager
def opened_book_of(load: Load) -> Iterator[Book]:
    """The book of a load, for a while. Raises Refused when the file is kept no longer or cannot be read."""
    with files.opened_file(load) as path:
        book = reading.opened_book(path, load.file_name) if path else [Refusal(None, "file_gone", _FILE_GONE)]
        if isinstance(book, list):
            raise Refused(book)
        yield book


def _find_out(load: Load, book: Book, by: Scope) -> None:
    """What the file is, and which heading is which column; state MAPPING where a person has to say it."""
    load.found, load.samples = reading.found_in(book), reading.samples_of(book)
    said = _said_before(load, by)
    if said is not None:
        of, load.mapping = said
        reasons = mapping.why_not_mapped(of, load.found, load.mapping)
    else:
        of, reasons = _by_its_headings(load, book, by)
    load.layout_key = of.key if of else load.layout_key
    if reasons or of is None or options_of(of):
        load.state, load.refusals = State.MAPPING, stored(reasons)


def _said_before(load: Load, by: Scope) -> tuple[Layout, mapping.Mapped] | None:
    """The layout and mapping that this person once gave for just these headings."""
    for of in [layout_of(load, by)] if load.layout_key else layouts_for(by):
        if mapped := mapping.remembered(of, load.found, by):
            return of, mapped
    return None


def _by_its_headings(load: Load, book: Book, by: Scope) -> tuple[Layout | None, list[Refusal]]:
    """The layout that knows the file by its headings, and what a person has to settle all the same."""
    known = reading.recognised_by(by, load.file_name, load.found, load.layout_key)
    if known is None:
        return (layout_of(load, by) if load.layout_key else None), [Refusal(None, "not_known", _NOT_KNOWN)]
    of, kinds = known
    load.mapping = mapping.by_spelling(of, kinds, load.found)
    return of, [*mapping.why_not_mapped(of, load.found, load.mapping), *_unclear(load, book)]


def _unclear(load: Load, book: Book) -> list[Refusal]:
    return [
        reason
        for sheet in book.sheets
        if sheet.title in load.mapping
        for reason in why_not_clear(
            [str(note.values["heading"]) for note in sheet.notes if note.code == "headings_repeated"],
            sheet.headings, load.mapping[sheet.title]["columns"],
        )
    ]  # fmt: skip


def judge_book(load: Load, book: Book, by: Scope, progress: Progress, until: float | None = None) -> None:
    """Store a verdict for every row of a book whose mapping is known; the load then waits for consent."""
    of = layout_of(load, by)
    load.judged_seq = last_seq()
    rows.clear(load)
    verdicts = in_time(verdicts_of(load, of, book, by, progress), until)
    load.counts = rows.write(load, verdicts, rows.sealed_keys(of), differences.declared(of))
    said = getattr(of, "judged", ())
    # Rows of which nothing is told one by one are there all the same.
    notes = [one for one in load_notes(load, by) if not (said and one.code == "no_rows")]
    load.notes = [*stored([*said, *notes]), *_by_sheet(load, of, book)]
    load.state, load.refusals = State.JUDGED, []
    keep(load, "layout_key", "found", "samples", "mapping", "judged_seq", "counts", "notes", "state", "refusals")


def verdicts_of(load: Load, of: Layout, book: Book, by: Scope, progress: Progress) -> Iterator[Verdict]:
    """The layout's verdicts over the mapped rows, with progress told as rows are taken."""
    total = reading.row_count(book, load.mapping)
    taken = _counted(reading.rows_of(book, of, load.mapping), total, progress)
    return iter(of.judge(taken, by=by, progress=progress))


def _counted(rows_in: Iterable[SheetRow], total: int, progress: Progress) -> Iterator[SheetRow]:
    for count, row in enumerate(rows_in):
        if count % _EVERY_ROWS == 0:
            progress(count, total, CHECKING)
        yield row


def in_time(verdicts: Iterable[Verdict], until: float | None) -> Iterator[Verdict]:
    for verdict in verdicts:
        if until is not None and time.monotonic() > until:
            raise TakesTooLong
        yield verdict


def last_seq() -> int:
    """The number of the latest audit entry: everything up to it can be seen, since the chain grows by commits."""
    return AuditEntry.objects.aggregate(last=Max("seq"))["last"] or 0


def load_notes(load: Load, by: Scope) -> list[Refusal]:
    """What the person should know before consenting: no rows at all, the same file before."""
    notes = []
    if not any(load.counts[what] for what in ("create", "change", "leave", "refuse")):
        notes.append(warning(None, "no_rows", _NO_ROWS))
    if (before := loaded_before(load, by)) is not None:
        values = {"day": timezone.localtime(before.applied_at).date(), "name": before.made_by_name}
        notes.append(warning(None, "loaded_before", _BEFORE, values))
    return notes


def _unread(headings: Sequence[str], read: Iterable[int]) -> list[str]:
    read = set(read)
    return [str(text) for index, text in enumerate(headings) if index not in read and plain(text)]


def loaded_before(load: Load, by: Scope) -> Load | None:
    """The latest load of the very same file that is applied, if the person may know of it."""
    same = Load.objects.in_summary_for(by).filter(sha256=load.sha256, state=State.APPLIED).exclude(pk=load.pk)
    return same.order_by("-applied_at").first()


def _told_of(unread: Sequence[str], known: Sequence[Unread]) -> Iterator[Refusal]:
    """What is said of columns that are not read: those of our own export with the reason, the others in one line."""
    rest = list(unread)
    for each in known:
        titles = {plain(text) for title in each.titles for text in in_every_language(title)}
        mine = [heading for heading in rest if plain(heading) in titles]
        rest = [heading for heading in rest if heading not in mine]
        if mine:
            yield warning(None, UNREAD, each.text, {"headings": mine})
    if rest:
        yield warning(None, UNREAD, _UNREAD, {"headings": rest})


def _by_sheet(load: Load, of: Layout, book: Book) -> list[dict[str, Any]]:
    """What was seen while reading: of the book, then of each sheet that is read, under its title."""
    notes: list[dict[str, Any]] = stored(book.notes)
    for sheet in book.sheets:
        if (said := load.mapping.get(sheet.title)) is None:
            continue
        told = list(sheet.notes)
        told += _told_of(_unread(sheet.headings, said["columns"].values()), getattr(of, "unread", ()))
        notes += [{**note, "sheet": sheet.title} for note in stored(told)]
    return notes


def keep(load: Load, *columns: str) -> None:
    """Write columns of a load at work and count its revision up: the last statement of the work's transaction."""
    values = {column: getattr(load, column) for column in columns}
    Load.objects.filter(pk=load.pk).update(**values, revision=F("revision") + 1, changed_at=timezone.now())
