"""The rules of merging, on plain values."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from umeed.duplicates import rules
from umeed.duplicates.bands import Band, band_of
from umeed.duplicates.rules import Double, Span, Tie

DAYS = [datetime.date(2020, month, 1) for month in range(1, 13)]
spans = st.builds(
    lambda pair, is_open: Span(DAYS[pair[0]], None if is_open else DAYS[pair[1]]),
    st.tuples(st.integers(0, 10), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]),
    st.booleans(),
)


def _days(span: Span) -> set[datetime.date]:
    return {
        day for day in DAYS if (span.first is None or day >= span.first) and (span.until is None or day < span.until)
    }


@given(spans, spans)
def test_spans_overlap_when_they_share_a_day(one: Span, two: Span) -> None:
    assert one.overlaps(two) == two.overlaps(one) == bool(_days(one) & _days(two))


def _apart(drawn: list[tuple[Span, int]], side: rules.Side) -> list[Tie]:
    """Memberships of one woman in groups, as the database allows them: none overlaps another."""
    ties: list[Tie] = []
    for span, group in drawn:
        tie = Tie(f"{side}{len(ties)}", side, group, f"Group {group}", span, is_group=True)
        if not any(tie.span.overlaps(other.span) for other in ties):
            ties.append(tie)
    return ties


held = st.lists(st.tuples(spans, st.integers(1, 3)), max_size=4)


@given(held, held, st.data())
def test_whatever_is_answered_no_record_is_in_two_groups_at_once(keep, other, data) -> None:
    mine, hers = _apart(keep, "keep"), _apart(other, "other")
    pairs = rules.overlapping(mine, hers)
    chosen = [data.draw(st.sampled_from(pair)) for pair in pairs]
    days = data.draw(st.lists(st.sampled_from(DAYS), min_size=len(pairs), max_size=len(pairs)))
    doubles = {tie.id: Double(tie.id, day) for tie, day in zip(chosen, days, strict=True)}
    if rules.why_not_doubles(pairs, doubles, DAYS[-1]):
        return
    placed = rules.placed_memberships([*mine, *hers], doubles)
    assert len(placed) == len(mine) + len(hers)
    for side in ("keep", "other"):
        on_it = [one for one in placed if one.side == side]
        for number, one in enumerate(on_it):
            assert one.span.until is None or one.span.first < one.span.until
            assert not any(one.span.overlaps(two.span) for two in on_it[number + 1 :])


def test_an_unanswered_pair_is_refused() -> None:
    mine = [Tie(1, "keep", 1, "Noor", Span(DAYS[0], None), is_group=True)]
    hers = [Tie(2, "other", 2, "Gulab", Span(DAYS[3], None), is_group=True)]
    pairs = rules.overlapping(mine, hers)
    (reason,) = rules.why_not_doubles(pairs, {}, DAYS[-1])
    assert reason.message() == "Say whether she is in Noor or in Gulab; she cannot be in both at once."


def test_two_other_institutions_at_once_are_no_clash() -> None:
    mine = [Tie(1, "keep", 1, "Noor VO", Span(DAYS[0], None))]
    hers = [Tie(2, "other", 2, "Gulab CLF", Span(DAYS[0], None)), Tie(3, "other", 1, "Noor VO", Span(DAYS[3], None))]
    assert [(one.id, two.id) for one, two in rules.overlapping(mine, hers)] == [(1, 3)]


def test_the_fuller_values_are_proposed() -> None:
    assert rules.which_stays([None, 1988], [datetime.date(1988, 3, 4), 1988]) == "other"
    assert rules.which_stays(["", None], ["98765", None]) == "other"
    assert rules.which_stays([None, 1987], [datetime.date(1988, 3, 4), 1988]) == "keep"
    assert rules.which_stays(["a"], ["b"]) == rules.which_stays(["a"], [""]) == rules.which_stays([""], [""]) == "keep"


def test_how_two_values_compare() -> None:
    assert rules.agreement("a", "a") == "same"
    assert rules.agreement("a", "b") == "differs" and rules.agreement("a", "b", alike=True) == "alike"
    assert rules.agreement("", "b") == "one" and rules.agreement(None, "") == rules.agreement([], None) == "none"


def test_bands() -> None:
    assert [band_of(bits) for bits in (10.0, 9.99, 4.0, 3.99, -4.0)] == [
        Band.CERTAIN, Band.LIKELY, Band.LIKELY, Band.MAYBE, Band.MAYBE,
    ]  # fmt: skip
