"""Profile ranks of the whole UT from kept sums, and the proof that the kept sums are right."""

from umeed.access.models import User
from umeed.access.scope import scope_of
from umeed.bench.bench import Bench
from umeed.bench.measuring import ask, timed
from umeed.bench.parts import FOUNDATION
from umeed.bench.promises import MOST, Figure, promise
from umeed.core.viewer import as_system, as_viewer
from umeed.profiles.keeping import first_difference
from umeed.profiles.kinds import Kind
from umeed.profiles.queries import missions_of, ranking

RANKING_MS = 50
_ADDED_UP = """
SELECT above.id, sum(s.records), sum(s.filled), sum(s.possible)
FROM profiles_standing s
JOIN places_within w ON w.below_id = s.place_id AND w.during @> %s
JOIN places_place above ON above.id = w.above_id AND above.kind = %s AND above.mission_id = ANY(%s)
WHERE s.kind = %s GROUP BY above.id
"""


def _ranked(bench: Bench, level: str) -> Figure:
    with as_system():
        user = User.objects.get(username="ut")
    with as_viewer(str(user.pk)):
        scope = scope_of(user)
        missions = missions_of(scope)
        values = []
        for kind in Kind.values:
            values += timed(
                lambda kind=kind: ranking(scope, kind=kind, level=level, missions=missions),  # type: ignore[misc]
                max(1, bench.runs // len(Kind.values)),
            )
        adding = timed(lambda: ask(_ADDED_UP, [bench.today, level, missions, Kind.WOMAN]), 3)
    return Figure(values, beside=("villages added up by plain SQL", Figure(adding).median))


@promise(FOUNDATION, "Ranking of the UT by district, from kept sums", most=RANKING_MS)
def by_district(bench: Bench) -> Figure:
    return _ranked(bench, "district")


@promise(FOUNDATION, "Ranking of the UT by block, from kept sums", most=RANKING_MS)
def by_block(bench: Bench) -> Figure:
    return _ranked(bench, "block")


@promise(FOUNDATION, "Kept sums that differ from a recount of all records", most=0, unit="rows", by=MOST)
def equal_to_a_recount(bench: Bench) -> Figure:
    """Counts every record of the installation again and compares every kept row, of villages and above."""
    answers: list[str] = []
    took = timed(lambda: answers.append(first_difference(bench.today)), 1, warm=0)[0]
    return Figure([1.0 if answers[0] else 0.0], note=f"the recount took {took / 1000:.1f} s", wrong=answers[0])
