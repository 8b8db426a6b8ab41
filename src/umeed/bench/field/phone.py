"""What is promised of the phone: in Chromium, its processor six times slower, its network a slow 3G where it has one.

One visit measures all of it: a bookkeeper of thirty groups with a year of meetings gets her phone, holds three
ordinary meetings without a network, each on an app that was opened anew, and a week later gets what another phone of
hers did.
"""

from __future__ import annotations

import gzip
import json
import statistics
import urllib.request
from dataclasses import dataclass, field

from django.db import connection

from umeed.bench.bench import Bench
from umeed.bench.field.phone_hand import Hand, chromium
from umeed.bench.field.phone_meeting import close_all, ordinary
from umeed.bench.field.phone_site import GROUPS, Site, site
from umeed.bench.promises import MEDIAN, MOST, Figure, promise

PHONE = "phone"
MEETINGS, WOMEN = 3, 12


@dataclass
class Visit:
    """What one visit found. Times in ms, sizes in KB as they travelled."""

    shell: dict[str, float] = field(default_factory=dict)
    first_ms: float = 0.0
    first_kb: float = 0.0
    week_ms: float = 0.0
    week_kb: float = 0.0
    week: str = ""
    opening: list[float] = field(default_factory=list)
    taps: list[int] = field(default_factory=list)
    blocked: dict[str, list[float]] = field(default_factory=dict)
    groups: str = ""


def visit(bench: Bench) -> Visit | str:
    """Made once a run; a text says why it could not be."""
    if connection.in_atomic_block:
        return "needs a database of its own"
    try:
        if not _VISITS:
            _VISITS.append(_visited(bench))
        return _VISITS[0]
    except ImportError:
        return "needs Chromium and the tools of development"


_VISITS: list[Visit] = []


def _visited(bench: Bench) -> Visit:
    found = Visit()
    with site(bench.today) as here, chromium() as browser:
        women = [women for _name, women in here.groups]
        found.groups = f"{GROUPS} groups of {min(women)} to {max(women)} women"
        found.shell = _shell(here)
        hers, other = Hand(browser, here.address), Hand(browser, here.address)
        other.enrol(here.code())
        other.is_home()
        _first(hers, here, found)
        nearest = sorted(here.groups, key=lambda one: (abs(one[1] - WOMEN), -one[1]))[:MEETINGS]
        meet = [name for name, _women in nearest]
        _meetings(hers, meet, found)
        closed, accepted = close_all(other, but=meet)
        found.week = f"{closed} meetings closed by another phone ({accepted} accepted), {len(meet)} by this one"
        _week(hers, found)
    return found


def _shell(here: Site) -> dict[str, float]:
    """What the service worker fetches: the page and all files in one piece; her language comes beside it."""
    page = _fetched(f"{here.address}/field/", "gzip")
    version = page.decode().split('data-version="')[1].split('"')[0]
    shell = f"{here.address}/field/shell/{version}.txt"
    sizes = {kind: (len(gzip.compress(page)) + len(_raw(shell, kind))) / 1024 for kind in ("br", "gzip")}
    return sizes | {"Urdu": len(_raw(f"{here.address}/field/api/words/ur.json", "br")) / 1024}


def _raw(address: str, accepted: str) -> bytes:
    asked = urllib.request.Request(address, headers={"Accept-Encoding": accepted})  # noqa: S310
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return bytes(answer.read())


def _fetched(address: str, accepted: str) -> bytes:
    raw = _raw(address, accepted)
    return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw


def _first(hers: Hand, here: Site, found: Visit) -> None:
    """From the question to thirty groups on the screen: enrolment itself (a code, a PIN) went before."""
    hers.page.goto(f"{here.address}/field/")
    hers.is_kept()
    hers.slow(network=True)
    hers.enrol(here.code())
    hers.is_home()
    ended = hers.now()
    asked = json.loads(hers.page.evaluate(
        'JSON.stringify(performance.getEntriesByType("resource").filter((one) => /sync$/.test(one.name))[0].startTime)'
    ))  # fmt: skip
    found.first_ms, found.first_kb = ended - asked, hers.kilobytes("/field/api/sync")


def _meetings(hers: Hand, groups: list[str], found: Visit) -> None:
    hers.context.set_offline(True)
    for group in groups:
        hers.opened_anew()
        hers.taps, hers.blocked = 0, []
        found.opening.append(ordinary(hers, group))
        found.taps.append(hers.taps)
        for name, longest in hers.blocked:
            found.blocked.setdefault(name, []).append(longest)


def _week(hers: Hand, found: Visit) -> None:
    """The network is back: what waits goes up, what is new comes."""
    hers.opened_anew()
    hers.kilobytes("")
    hers.context.set_offline(False)
    hers.slow(network=True)
    began = hers.now()
    hers.page.evaluate("import('/static/field/app.js').then(({ app }) => app.session.rhythm.now())")
    found.week_ms, found.week_kb = hers.now() - began, hers.kilobytes("/field/api/sync")


# Promises -------------------------------------------------------------------------------------------------------------


@promise(PHONE, "The app as it is fetched to be kept, packed", most=150, unit="KB", by=MOST)
def shell(bench: Bench) -> Figure | str:
    found = visit(bench)
    if isinstance(found, str):
        return found
    note = f"by gzip {found.shell['gzip']:.0f} KB; Urdu comes beside it, {found.shell['Urdu']:.0f} KB"
    return Figure([found.shell["br"]], note=note)


@promise(PHONE, "First sync: thirty groups with a year's history, on slow 3G", most=5000, by=MOST)
def first_time(bench: Bench) -> Figure | str:
    found = visit(bench)
    return found if isinstance(found, str) else Figure([found.first_ms], note=f"{found.groups}; 2 s are the network's")


@promise(PHONE, "First sync: what came for thirty groups", most=300, unit="KB", by=MOST)
def first_size(bench: Bench) -> Figure | str:
    found = visit(bench)
    return found if isinstance(found, str) else Figure([found.first_kb], note=found.groups)


@promise(PHONE, "Weekly difference: a meeting closed in each of thirty groups", most=20, unit="KB", by=MOST)
def week(bench: Bench) -> Figure | str:
    found = visit(bench)
    if isinstance(found, str):
        return found
    return Figure([found.week_kb], note=f"{found.week}; {found.week_ms / 1000:.1f} s on slow 3G")


@promise(PHONE, "Opening a meeting without a network", most=300, by=MEDIAN)
def opening(bench: Bench) -> Figure | str:
    found = visit(bench)
    return found if isinstance(found, str) else Figure(found.opening, note="the app opened anew before each")


@promise(PHONE, "Each tap of an ordinary meeting: the longest block", most=100, by=MOST)
def taps_blocked(bench: Bench) -> Figure | str:
    """Of each tap the median of the meetings: other work on this machine is nobody's tap."""
    found = visit(bench)
    if isinstance(found, str):
        return found
    longest = {name: statistics.median(values) for name, values in found.blocked.items()}
    worst = sorted(longest, key=lambda name: -longest[name])[:3]
    return Figure(list(longest.values()), note=", ".join(f"{name} {longest[name]:.0f} ms" for name in worst))


@promise(PHONE, "Taps to close an ordinary meeting of twelve women", most=30, unit="taps", by=MOST)
def taps(bench: Bench) -> Figure | str:
    found = visit(bench)
    return found if isinstance(found, str) else Figure([float(one) for one in found.taps])
