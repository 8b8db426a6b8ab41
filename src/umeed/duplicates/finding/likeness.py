"""How alike two records are: a declared Fellegi–Sunter model, scored by splink on DuckDB, in memory only.

Every level below says how often it is met on two records of one woman (`m`) and on records of two women (`u`). They are
declared, not trained: a village has too few duplicates to learn from, and a pair must score the same whoever searches.
For names, phones and accounts `u` is how common that very value is in the district (term frequency). Where the figures
come from, and what they found in a district with planted twins, stands in docs/decisions/0008-duplicates-by-splink.md.
"""

import logging
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_level_library import CustomLevel, ElseLevel
from splink.comparison_library import CustomComparison

MEMORY = "1GB"
THREADS = 2
# Of a hundred thousand women, so many are entered a second time; with the district's size this is the prior.
TWICE_IN_100_000 = 400
# The weakest score worth a person's time, in bits of evidence: 0 is one in two, -4 is one in seventeen.
LEAST_BITS = -4.0
# A number that more women than this share (a wrong "9999999999", the panchayat's own) tells nobody apart.
SHARED_BY_AT_MOST = 12
# Frequencies counted among few women say little: as many imagined women as this carry the declared share.
DRAWN_BY = 2_000

SCHEMA = pa.schema(
    [
        ("unique_id", pa.int32()),
        ("name_key", pa.string()), ("name_first", pa.string()), ("name_plain", pa.string()),
        ("belonging_key", pa.string()), ("belonging_first", pa.string()), ("belonging_plain", pa.string()),
        ("born_on", pa.int32()), ("born_year", pa.int16()),
        ("phone", pa.string()), ("account", pa.string()), ("identity", pa.string()),
        ("village", pa.int64()), ("panchayat", pa.int64()), ("block", pa.int64()),
    ]
)  # fmt: skip
"""One record: keys and plain spellings of the names, days since 1970, digests of numbers, ids of places."""


@dataclass(frozen=True)
class Level:
    """One answer to "how do the two records compare here". `common` names the column whose frequency replaces `u`."""

    sign: str
    when: str
    m: float
    u: float
    common: str = ""
    rarest: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """What is compared: the first level that holds counts, the last one otherwise; unknown where `unknown` holds."""

    key: str
    unknown: str
    levels: tuple[Level, ...]


def _names(key: str, common_first: float, exact: tuple[float, float, float, float]) -> Comparison:
    """A name in spellings: one key, one word more or less, nearly the same letters, the first word only, another."""
    left, right = f"{key}_key_l", f"{key}_key_r"
    longer = f"(starts_with({left}, {right} || ' ') OR starts_with({right}, {left} || ' '))"
    near = f"jaro_winkler_similarity({key}_plain_l, {key}_plain_r) >= 0.93"
    same, word, close, first = exact
    return Comparison(
        key,
        f"{left} IS NULL OR {right} IS NULL",
        (
            Level("same", f"{left} = {right}", same, 0.002, common=f"{key}_key", rarest=0.0002),
            Level("word_more", longer, word, 0.004),
            Level("close", near, close, 0.003),
            Level("first_word", f"{key}_first_l = {key}_first_r", first, common_first),
            Level("differs", "", 1 - sum(exact), 0.99 - common_first),
        ),
    )


def _number(key: str, same: float) -> Comparison:
    """A number that is equal or not; how much an equal one tells depends on how many women have it."""
    left, right = f"{key}_l", f"{key}_r"
    return Comparison(
        key,
        f"{left} IS NULL OR {right} IS NULL",
        (
            Level("same", f"{left} = {right}", same, 0.00005, common=key, rarest=0.00002),
            Level("differs", "", 1 - same, 0.9999),
        ),
    )


COMPARISONS: tuple[Comparison, ...] = (
    _names("name", 0.02, (0.86, 0.05, 0.05, 0.02)),
    _names("belonging", 0.02, (0.80, 0.05, 0.07, 0.03)),
    Comparison(
        "born",
        "born_year_l IS NULL OR born_year_r IS NULL",
        (
            Level("same_day", "born_on_l = born_on_r", 0.45, 0.00008),
            Level("same_year", "born_year_l = born_year_r", 0.30, 0.03),
            # Ages are often guessed: one clerk writes 35, the next 37.
            Level("near_year", "abs(born_year_l - born_year_r) <= 2", 0.15, 0.10),
            Level("some_years", "abs(born_year_l - born_year_r) <= 5", 0.06, 0.14),
            Level("differs", "", 0.04, 0.72992),
        ),
    ),
    _number("phone", 0.55),
    _number("account", 0.50),
    Comparison(
        "identity",
        "identity_l IS NULL OR identity_r IS NULL",
        (
            Level("same", "identity_l = identity_r", 0.95, 0.0000001),
            # Two numbers of one person are a typing error, and the check digit leaves few of those.
            Level("differs", "", 0.05, 0.9999999),
        ),
    ),
    Comparison(
        "place",
        "village_l IS NULL OR village_r IS NULL",
        (
            Level("same_village", "village_l = village_r", 0.62, 0.006),
            Level("same_panchayat", "panchayat_l = panchayat_r", 0.12, 0.008),
            Level("same_block", "block_l = block_r", 0.18, 0.08),
            Level("differs", "", 0.08, 0.906),
        ),
    ),
)

# Pairs worth comparing. Each holds an equality that PostgreSQL's friend DuckDB can hash, so work grows with the pairs.
BLOCKS = (
    ("identity",),
    ("account",),
    ("phone",),
    ("name_key", "block"),
    ("belonging_key", "born_year", "block"),
    ("belonging_first", "name_first", "block"),
    ("name_first", "born_on"),
    ("belonging_key", "village"),
)


@dataclass(frozen=True)
class Alike:
    """Two records that may be one woman: positions in what was given, evidence in bits, the sign of each comparison."""

    low: int
    high: int
    bits: float
    signs: dict[str, str]


@dataclass(frozen=True)
class Everybody:
    """How many women there are, and how often a value of a column is met among them; unknown columns as declared."""

    women: int
    counts: Mapping[str, Mapping[str, int]]


def prior(women: int) -> float:
    """The chance that two women picked blindly out of so many are one; fewer than `DRAWN_BY` count as that many."""
    return 2 * TWICE_IN_100_000 / 100_000 / (max(women, DRAWN_BY) - 1)


def settings(women: int) -> SettingsCreator:
    """The declared model as splink takes it."""
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=prior(women),
        comparisons=[_comparison(one) for one in COMPARISONS],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        retain_matching_columns=True,
    )


def _comparison(one: Comparison) -> CustomComparison:
    levels: list[Any] = [CustomLevel(one.unknown).configure(is_null_level=True)]
    levels += [_level(level) for level in one.levels]
    return CustomComparison(output_column_name=one.key, comparison_levels=levels)


def _level(level: Level) -> Any:
    made = CustomLevel(level.when) if level.when else ElseLevel()
    given: dict[str, Any] = {"m_probability": level.m, "u_probability": level.u}
    if level.common:
        given |= {"tf_adjustment_column": level.common, "tf_minimum_u_value": level.rarest}
    return made.configure(**given)


def alike(records: pa.Table, *, everybody: Everybody | None = None, least: float = LEAST_BITS) -> list[Alike]:
    """Pairs of records that may be one woman, strongest first. Nothing goes to disk, nothing leaves the process.

    `everybody` says how many women there are and how common values are, where the records are only some of them.
    """
    if records.num_rows < 2:
        return []
    among = everybody or Everybody(records.num_rows, {})
    connection = duckdb.connect(":memory:")
    try:
        _keep_in_memory(connection)
        given = DuckDBAPI(connection).register(_with_frequencies(records, among))
        scored = Linker(given, settings(among.women), log_level=None).inference.predict(
            threshold_match_weight=least, warning_mode="never"
        )
        wanted = ", ".join(["match_weight", "unique_id_l", "unique_id_r", *(f"gamma_{one.key}" for one in COMPARISONS)])
        rows = scored.query_sql(f"SELECT {wanted} FROM {{this}}").as_record_list()  # noqa: S608
        return sorted(_pairs(rows), key=lambda pair: (-pair.bits, pair.low, pair.high))
    finally:
        connection.close()


def frequency(count: int, women: int, declared: float) -> float:
    """How common a value is besides the two that are compared, drawn to the declared share where women are few."""
    return (max(0, count - 2) + DRAWN_BY * declared) / (women + DRAWN_BY)


def _with_frequencies(records: pa.Table, among: Everybody) -> pa.Table:
    """The table with a column `tf_…` for every column whose frequency counts; splink takes these as they stand."""
    levels = {level.common: level for one in COMPARISONS for level in one.levels if level.common}
    for name, level in levels.items():
        values = records[name].to_pylist()
        counts = among.counts.get(name, Counter(values) if _are_everybody(among, records) else None)
        shares = [
            None if value is None
            else level.u if counts is None
            else frequency(counts.get(value, 0), among.women, level.u)
            for value in values
        ]  # fmt: skip
        records = records.append_column(f"tf_{name}", pa.array(shares, pa.float64()))
    return records


def _are_everybody(among: Everybody, records: pa.Table) -> bool:
    """Whether the records are all the women there are, so that values can be counted among them."""
    return among.women == records.num_rows


def _keep_in_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """No spilling: names and digests of women must not lie about in temporary files."""
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET enable_progress_bar = false")


def _pairs(rows: Sequence[dict[str, Any]]) -> Iterator[Alike]:
    signs = {one.key: [level.sign for level in reversed(one.levels)] for one in COMPARISONS}
    for row in rows:
        low, high = sorted((row["unique_id_l"], row["unique_id_r"]))
        found = {key: _sign(names, row[f"gamma_{key}"]) for key, names in signs.items()}
        bits = row["match_weight"]
        yield Alike(low, high, round(bits, 2) if math.isfinite(bits) else math.copysign(60.0, bits), found)


def _sign(names: Sequence[str], gamma: int) -> str:
    """splink numbers the levels from the last (0) up, and -1 is unknown."""
    return names[gamma] if gamma >= 0 else "unknown"


logging.getLogger("splink").setLevel(logging.ERROR)
