"""What she typed of a woman stands on the phone until it has its place: merged, gone, or come since."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from umeed.books.models import Bylaw
from umeed.books.tests.conftest import kept, valley
from umeed.core.audit import audited
from umeed.duplicates.actions import merge_women
from umeed.field.bundles.parts import parts_of
from umeed.field.tests.javascript import JavaScript
from umeed.institutions.actions import leave_group
from umeed.institutions.models import Membership
from umeed.institutions.tests.making import make_member, make_woman, us
from umeed.kernel.ids import new_id

__all__ = ["kept", "valley"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
MUCH = 1_750_00
_TOOLS = """
    const { openBook } = await load("book/parts.js"); const { before } = await load("book/facts.js");
    const w = await load("screens/writing.js"); const placing = await load("screens/placing.js");
    const DAY = "2026-06-01", ID = "01900000-0000-7000-8000-000000000001", MUCH = 175000;
    const known = (parts) => {
        const book = openBook(parts);
        const more = { asked: new Map(), kept: book.kept, lentTo: new Map() };
        return { ...before(book, DAY, { number: 1, today: DAY }), ...more };
    };
    const sum = (document) => document.savings.reduce((all, line) => all + line.paise, 0);
    const codes = (reasons) => reasons.map((one) => `${one.code} ${one.field}`);
    const typed = (women, her) => {
        const draft = w.begun({ id: ID, group: "g", on: DAY, number: 1 });
        Object.assign(draft, { seen: w.STEPS, came: { [her]: "late" } });
        for (const woman of women) {
            const hers = woman === her ? { paise: MUCH, mode: "bank" } : { paise: 5000, mode: "cash" };
            draft.saved[`${woman} saving_optional`] = hers;
        }
        return draft;
    };
    const mended = (document, facts) => w.nothingOfItself(w.draftOf(document, { group: "g", mends: ID }), facts);
"""


def told(kept: Any) -> Any:
    one = parts_of(us(), [kept.group.pk])[0]
    return json.loads(json.dumps({**one.parts, "sheets": [one.sheets]}, default=str))


def run(js: JavaScript, source: str, *given: Any) -> Any:
    return js.run(f"async (load, parts, later, women, her, other) => {{ {_TOOLS} {source} }}", *given)


def _ids(kept: Any) -> list[str]:
    return [str(woman.pk) for woman in kept.women]


@pytest.mark.parametrize("chain", [1, 2])
def test_what_was_typed_of_a_merged_record_stands_under_the_kept_one(kept: Any, js: JavaScript, chain: int) -> None:
    first, twin = told(kept), kept.women[1]
    keep = make_woman(kept.group.place, "Raja Begum")
    merge_women(by=us(), keep=keep, other=twin, why="One woman")
    if chain == 2:
        twin, keep = keep, make_woman(kept.group.place, "Raja Bano")
        merge_women(by=us(), keep=keep, other=twin, why="One woman")
    said = run(js, """
        const [one, two] = [known(parts), known(later)];
        const draft = typed(women, her); draft.president = her;
        const document = w.documentOf(draft, one).document;
        const reopened = w.judged(draft, two); const again = w.judged(mended(document, two), two);
        const of = ({ document: now }) => [sum(now), now.attendance[other], now.president === other,
            now.savings.find((line) => line.woman === other)?.mode];
        return [sum(document), of(reopened), of(again), reopened.lost, again.lost, her in again.document.attendance];
    """, first, told(kept), _ids(kept), str(kept.women[1].pk), str(keep.pk))  # fmt: skip
    whole = MUCH + 4 * 5000
    assert said == [whole, [whole, "late", True, "bank"], [whole, "late", True, "bank"], [], [], False]


def test_two_records_of_one_woman_are_added_up_and_what_differs_is_asked(kept: Any, js: JavaScript) -> None:
    first, zoona, twin = told(kept), kept.women[0], kept.women[1]
    tie = Membership.objects.get(woman=twin)
    merge_women(by=us(), keep=zoona, other=twin, why="One woman", doubles={tie.pk: date(2016, 2, 2)})
    said = run(js, """
        const [one, two] = [known(parts), known(later)];
        const draft = typed(women, her); const document = w.documentOf(draft, one).document;
        const again = w.judged(mended(document, two), two);
        draft.saved[`${her} saving_optional`].mode = "cash";
        const alike = w.judged(mended(w.documentOf(draft, one).document, two), two);
        const came = other in alike.document.attendance;
        return [again.lost.map((gone) => gone.paise), codes(again.stops), sum(alike.document), alike.lost, came];
    """, first, told(kept), _ids(kept), str(twin.pk), str(zoona.pk))  # fmt: skip
    lost, stops, whole, none, came = said
    assert lost == [MUCH] and f"gone gone {twin.pk}" in stops and f"unsaid attendance.{zoona.pk}" in stops
    assert (whole, none, came) == (MUCH + 4 * 5000, [], False)


def test_of_a_woman_who_left_she_says_what_becomes_of_it(kept: Any, js: JavaScript) -> None:
    first, her = told(kept), kept.women[1]
    leave_group(
        by=us(), membership=Membership.objects.get(woman=her).pk, left_on=date(2026, 5, 25), leave_reason="other"
    )
    said = run(js, """
        const [one, two] = [known(parts), known(later)];
        const document = w.documentOf(typed(women, her), one).document;
        const draft = mended(document, two);
        const reopened = w.judged(typed(women, her), two);
        const again = w.judged(draft, two);
        const out = structuredClone(draft); placing.placed(out, again.lost[0]);
        const hers = structuredClone(draft); placing.placed(hers, again.lost[0], other);
        const [left, moved] = [w.judged(out, two), w.judged(hers, two)];
        const stop = again.stops.find((one) => one.code === "gone");
        const free = [draft, out].map((one) => placing.isFree(one, again.lost[0], other));
        const isAsked = codes(reopened.stops).includes(`gone gone ${her}`);
        return { stop: [stop.values, stop.step], reopened: isAsked, free,
            left: [sum(left.document), left.lost, her in out.came],
            moved: [sum(moved.document), moved.lost, hers.came[other]] };
    """, first, told(kept), _ids(kept), str(her.pk), str(kept.women[2].pk))  # fmt: skip
    assert said["stop"] == [{"name": her.name, "amount": "₹1,750"}, "attendance"] and said["reopened"]
    assert said["left"] == [4 * 5000, [], False] and said["free"] == [False, False]
    assert said["moved"] == [4 * 5000 + MUCH, [], "late"]


def test_a_loan_that_runs_no_more_is_asked_about(kept: Any, js: JavaScript) -> None:
    said = run(js, """
        const facts = known(parts); const draft = typed(women, her);
        draft.paid["01900000-0000-7000-8000-0000000000aa"] = { paise: 50000 };
        draft.repaid["01900000-0000-7000-8000-0000000000ab"] = { principal: 100, interest: 1, mode: "bank" };
        const now = w.judged(draft, facts);
        for (const gone of now.lost) placing.placed(draft, gone);
        const stops = now.stops.filter((one) => one.code === "gone").length;
        return [now.lost.map((gone) => gone.paise), stops, w.judged(draft, facts).lost];
    """, told(kept), None, _ids(kept), str(kept.women[0].pk), None)  # fmt: skip
    assert said == [[50000, 101], 2, []]


def test_of_who_came_since_it_is_asked_whether_she_was_there(kept: Any, js: JavaScript) -> None:
    """She belonged on its day and the document does not name her; who joined later does not belong to it. Whatever is
    said of her, no money comes by itself."""
    with audited(by=us(), did="set_bylaws"):
        Bylaw(
            id=new_id(), book=kept.book, since=kept.book.opened_on, compulsory_paise=50_00, rate_bp_a_year=2_400,
            method="balance", frequency="monthly", fine_late_paise=5_00, fine_absent_paise=10_00,
        ).save(force_insert=True)  # fmt: skip
    first = told(kept)
    her = make_member(kept.group, "Mugli Begum", joined_on=date(2026, 6, 1), by=us()).woman
    later = make_member(kept.group, "Fata Bano", joined_on=date(2026, 6, 2), by=us(date(2026, 6, 2))).woman
    said = run(js, """
        const [one, two] = [known(parts), known(later)];
        const document = w.documentOf(typed(women, women[0]), one).document;
        const draft = w.nothingOfItself(w.draftOf(document, { group: "g", replaces: document.id }), two);
        const asked = w.judged(draft, two); const state = w.stateOf(draft, her);
        w.marked(draft, her, "present"); const there = w.judged(draft, two);
        w.marked(draft, her, "absent"); const away = w.judged(draft, two);
        const unsaid = (one) => codes(one.stops).filter((mark) => mark.startsWith("unsaid"));
        const more = ({ document: now }) => [sum(now) - sum(document), now.fines.length - document.fines.length];
        return [state, unsaid(asked), her in asked.document.attendance, other in asked.document.attendance,
            there.document.attendance[her], away.document.attendance[her], unsaid(there),
            more(there), more(away)];
    """, first, told(kept), _ids(kept), str(her.pk), str(later.pk))  # fmt: skip
    assert said == [None, [f"unsaid attendance.{her.pk}"], False, False, "present", "absent", [], [0, 0], [0, 0]]


def test_a_correction_that_waits_tells_no_revision_that_nobody_has_made(kept: Any, js: JavaScript) -> None:
    said = run(js, """
        const { foldAll } = await load("book/fold.js");
        const book = openBook(parts); const was = book.women.find((one) => one.id === her).revision;
        const change = (id, changes) => ({ id, kind: "correct_woman", said: { woman: her, revision: was, changes } });
        const folded = foldAll(book, [change("c1", { address: "A" }), change("c2", { relation: "father" })]);
        const she = folded.women.find((one) => one.id === her);
        return [was === she.revision, she.profile.address, she.profile.relation];
    """, told(kept), None, _ids(kept), str(kept.women[0].pk), None)  # fmt: skip
    assert said == [True, "A", "father"]
