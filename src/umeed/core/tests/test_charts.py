"""Charts: drawn from plain values, to be read without seeing them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.core import charts
from umeed.core.tests.drawing import Page, drawn


def test_every_district_has_its_own_tile() -> None:
    assert len(charts.DISTRICTS) == 22
    assert len({(column, row) for column, row, _name in charts.DISTRICTS.values()}) == 22
    everything = charts.DISTRICTS | charts.WITHOUT_CODE
    assert len({(column, row) for column, row, _name in everything.values()}) == len(everything) == 27


def test_new_districts_without_codes_have_tiles_where_the_tree_has_them() -> None:
    before, after = charts.tile_map({1: 40, 9: 60}), charts.tile_map({1: 40, 9: 60, "Zanskar": 70, None: 80})
    assert "Zanskar" not in {tile.code for tile in before.tiles}
    assert [(tile.shown, tile.step) for tile in after.tiles if tile.code == "Zanskar"] == [("70", 5)]
    assert charts.WITHOUT_CODE.keys() <= {tile.code for tile in after.tiles}
    assert after.has_unknown
    assert {tile.code: (tile.x, tile.y) for tile in before.tiles}.items() <= {
        tile.code: (tile.x, tile.y) for tile in after.tiles
    }.items()
    assert (charts.tile_key(6, "Kargil"), charts.tile_key(None, "Nubra")) == (6, "Nubra")
    assert (charts.tile_key(900, "Nubra"), charts.tile_key(900, "Elsewhere")) == ("Nubra", None)


def test_a_map_leaves_the_other_territory_out() -> None:
    ladakh = charts.tile_map({6: 50, 9: None, "Zanskar": 70})
    assert {tile.code for tile in ladakh.tiles} == {6, 9, *charts.WITHOUT_CODE}
    assert min(tile.x for tile in ladakh.tiles) == min(tile.y for tile in ladakh.tiles) == 0
    assert {tile.code for tile in charts.tile_map({1: 5}).tiles} == charts.DISTRICTS.keys() - charts.LADAKH
    assert len(charts.tile_map({1: 5, 9: 6}).tiles) == len(charts.tile_map({}).tiles) == 22


def test_a_map_tells_known_from_unknown_and_from_zero() -> None:
    drawn_map = charts.tile_map({1: 0, 3: 10, 5: None}, urls={3: "/x"}, mine=3)
    steps = {tile.code: tile.step for tile in drawn_map.tiles}
    assert steps[1] == 1
    assert steps[3] == 5
    assert steps[5] == steps[13] == 0
    assert drawn_map.has_unknown
    assert [tile.code for tile in drawn_map.tiles if tile.mine] == [3]


def test_a_full_map_has_nothing_unknown_and_given_bounds_hold() -> None:
    full = charts.tile_map({code: float(n) for n, code in enumerate(charts.DISTRICTS)}, bounds=[5, 10, 15, 20])
    assert not full.has_unknown
    assert [(band.step, band.low, band.high) for band in full.bands][:2] == [(1, 0, 4), (2, 5, 9)]
    with pytest.raises(ValueError, match="at most 4"):
        charts.tile_map({}, bounds=[1, 2, 3, 4, 5])


VALUES = st.dictionaries(st.sampled_from(sorted(charts.DISTRICTS)), st.integers(0, 10**7) | st.none())


@given(VALUES)
def test_more_is_never_paler(values: dict[int, float | None]) -> None:
    tiles = [t for t in charts.tile_map(values).tiles if t.step]
    in_order = sorted(tiles, key=lambda tile: values[tile.code] or 0)
    assert [t.step for t in in_order] == sorted(t.step for t in in_order)
    assert all(1 <= t.step <= charts.STEPS for t in tiles)
    assert {t.code for t in tiles} == {code for code, value in values.items() if value is not None}


@given(st.lists(st.floats(-1e6, 1e6) | st.none(), max_size=40))
def test_a_sparkline_stays_in_its_box(values: list[float | None]) -> None:
    spark = charts.sparkline(values)
    known = [v for v in values if v is not None]
    if len(known) < 2:
        assert spark is None
        return
    points = [tuple(map(float, p.split())) for p in spark.line[1:].split(" L")]
    assert len(points) == len(known)
    assert all(0 <= x <= 100 and 0 <= y <= 28 for x, y in points)
    assert (spark.first, spark.last) == (known[0], known[-1])


def test_bars_are_as_long_as_their_values() -> None:
    made = charts.bars(
        [{"name": "a", "value": 50, "target": 200}, {"name": "b", "value": None}, {"name": "c", "value": 300}]
    )
    assert [bar.length for bar in made] == [16.7, 0, 100]
    assert [bar.target for bar in made] == [66.7, None, None]
    assert charts.bars([{"name": "a", "value": 0}])[0].length == 0


def test_a_map_can_be_read_without_seeing_it() -> None:
    html = drawn("{% tilemap v 'Groups' unit='groups' urls=u %}", v={3: 4131}, u={3: "/districts/3"})
    page = Page(html)
    link = next(attrs for tag, attrs in page.tags if tag == "a")
    assert link["aria-label"] == "Baramulla: 4131 groups"
    assert html.count("<tr>") == 21
