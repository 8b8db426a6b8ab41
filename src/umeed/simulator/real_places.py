"""Real villages for an invented mission: an LGD download, read as the load page does; each village given a block."""

from pathlib import Path

from umeed.core.audit import audited
from umeed.core.loads import mapping, reading
from umeed.core.loads.layouts import CHANGE, CREATE
from umeed.core.loads.progress import silent
from umeed.core.scope import Scope
from umeed.places.loads import DIRECTORY
from umeed.places.models import Mission
from umeed.simulator.ground import file_real_villages


class UnreadableDownload(ValueError):
    """The file given is not an LGD download that can be used; says why in plain words."""


def load_lgd(file: Path, *, by: Scope) -> int:
    """Load the places of an LGD download and file its villages in blocks; returns how many villages were filed.

    Raises UnreadableDownload. Rows that the layout refuses are left out, as they would be on the load page.
    """
    book = reading.opened_book(file, file.name)
    if isinstance(book, list):
        raise UnreadableDownload(" ".join(reason.message() for reason in book))
    found = reading.found_in(book)
    kinds = DIRECTORY.recognises(file.name, reading.headings_of(found))
    if not kinds:
        raise UnreadableDownload(f"{file.name} has none of the columns of an LGD download.")
    mapped = mapping.by_spelling(DIRECTORY, kinds, found)
    verdicts = list(DIRECTORY.judge(reading.rows_of(book, DIRECTORY, mapped), by=by, progress=silent))
    chosen = [verdict for verdict in verdicts if verdict.what in {CREATE, CHANGE}]
    with audited(by=by, did="load_lgd", why=f"Demonstration: {file.name}"):
        DIRECTORY.apply(chosen, by=by, load_id="", progress=silent)
    return sum(file_real_villages(mission, by=by) for mission in Mission.objects.order_by("key"))
