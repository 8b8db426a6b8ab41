"""A small kind of file for trying the engine: tags of villages, with a phone that must rest sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from umeed.core.actions import Refused
from umeed.core.audit import audited, picture
from umeed.core.dated import since
from umeed.core.loads.headings import recognised
from umeed.core.loads.layouts import (
    CHANGE,
    CREATE,
    LEAVE,
    REFUSE,
    Column,
    Option,
    Progress,
    SheetRow,
    Verdict,
)
from umeed.core.scope import Scope
from umeed.kernel.dates import date_as_written
from umeed.kernel.refusals import Refusal
from umeed.places.models import Place, PlaceTag, Tag

COLUMNS = (
    Column("village", "Village", ("Village Name",), required=True),
    Column("tag", "Tag", ("Mark",), required=True),
    Column("since", "Since", ("From Date",), required=True),
    Column("source", "Source", ("Order No",)),
    Column("phone", "Phone", ("Mobile Number",), sealed=True),
)


class TagsOfVillages:
    """Creates a tag, changes its source, leaves what is known, refuses unknown villages, tags and days."""

    key = "village-tags"
    title = "Tags of villages"
    lead = "One village a row."
    capability = "loads.make"
    sheets: Mapping[str, Sequence[Column]] = {"tags": COLUMNS}
    watches: tuple[str, ...] = ("places_placetag",)

    def __init__(self) -> None:
        self.before_writing: Any = None

    def recognises(self, filename: str, headings: Mapping[str, Sequence[str]]) -> Mapping[str, str] | None:
        return recognised(self.sheets, headings)

    def judge(self, rows: Iterable[SheetRow], *, by: Scope, progress: Progress) -> Iterator[Verdict]:
        places = {place.name: place for place in Place.objects.seen_by(by, "places.see").filter(kind="village")}
        for row in rows:
            yield self._judged(row, places)

    def _judged(self, row: SheetRow, places: Mapping[str, Place]) -> Verdict:
        values = row.values
        place, day = places.get(str(values["village"])), date_as_written(values["since"], field="since")
        reasons = [day] if isinstance(day, Refusal) else []
        if place is None:
            reasons.append(Refusal("village", "unknown_village", "There is no village %(name)s in your area.",
                                   {"name": values["village"]}))  # fmt: skip
        if values["tag"] not in Tag.values:
            reasons.append(Refusal("tag", "unknown_tag", "There is no tag %(tag)s.", {"tag": values["tag"]}))
        shown = f"{values['village']}: {values['tag']}"
        if reasons:
            return Verdict(row.sheet, row.number, REFUSE, shown, reasons)
        known = PlaceTag.objects.filter(place=place, tag=values["tag"]).first()
        source = str(values.get("source") or "")
        after = {"place": place.pk, "tag": values["tag"], "since": day, "source": source}
        if values.get("phone"):
            after["phone"] = str(values["phone"])
        if known is None:
            return Verdict(row.sheet, row.number, CREATE, shown, table="places_placetag", after=after)
        if known.source == source:
            return Verdict(row.sheet, row.number, LEAVE, shown, table="places_placetag", subject_id=str(known.pk))
        return Verdict(row.sheet, row.number, CHANGE, shown, (), "places_placetag", str(known.pk),
                       {"source": known.source}, {"source": source})  # fmt: skip

    def apply(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        with audited(by=by, did="tag_villages") as trail:
            for verdict in verdicts:
                if self.before_writing is not None:
                    self.before_writing(verdict)
                if verdict.what == CREATE:
                    about = verdict.after
                    tag = PlaceTag(place_id=about["place"], tag=about["tag"], during=since(about["since"]),
                                   source=about["source"])  # fmt: skip
                    tag.save()
                    trail.created(tag)
                else:
                    tag = PlaceTag.objects.get(pk=verdict.subject_id)
                    before = picture(tag)
                    tag.source = verdict.after["source"]
                    tag.save()
                    trail.changed(tag, before)

    def why_not_undo(self, verdicts: Iterable[Verdict], *, by: Scope) -> list[Refusal]:
        gone = [each.shown for each in verdicts if not self._written(each).exists()]
        return [Refusal(None, "gone", "%(shown)s is gone.", {"shown": shown}) for shown in gone]

    def undo(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        with audited(by=by, did="untag_villages") as trail:
            for verdict in verdicts:
                tag = self._written(verdict).get()
                if verdict.what == CREATE:
                    trail.removed(tag)
                    tag.delete()
                else:
                    before = picture(tag)
                    tag.source = verdict.before["source"]
                    tag.save()
                    trail.changed(tag, before)

    def _written(self, verdict: Verdict) -> Any:
        if verdict.what == CREATE:
            return PlaceTag.objects.filter(place=verdict.after["place"], tag=verdict.after["tag"])
        return PlaceTag.objects.filter(pk=verdict.subject_id)


class TagsFromADay(TagsOfVillages):
    """The same, asking from which day the file holds."""

    key = "village-tags-from-a-day"
    options = (Option("on", "Holds from", "date", required=True), Option("trial", "Trial", "flag"))
    chosen: Mapping[str, Any] = {}

    def recognises(self, filename: str, headings: Mapping[str, Sequence[str]]) -> Mapping[str, str] | None:
        return None if "dated" not in filename else super().recognises(filename, headings)

    def with_options(self, chosen: Mapping[str, Any]) -> TagsFromADay:
        bound = TagsFromADay()
        bound.chosen = chosen
        return bound

    def judge(self, rows: Iterable[SheetRow], *, by: Scope, progress: Progress) -> Iterator[Verdict]:
        if self.chosen["on"] > by.today:
            raise Refused([Refusal("on", "future", "The day has not come yet.")])
        yield from super().judge(rows, by=by, progress=progress)
