"""The rows as a table for a terminal, and as a page of the documentation."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from umeed.bench.promises import KEPT, SHORT, Row

HEADINGS = ("Promise", "At most", "Median", "p95", "Runs", "Beside it", "Verdict")
_NUMERIC = {1, 2, 3, 4}
BEGIN, END = "<!-- figures of {part}: written by `./umeed bench --write` -->", "<!-- end of figures -->"


def cells(row: Row) -> tuple[str, ...]:
    promise, figure = row.promise, row.figure
    bar = f"{promise.by} {amount(promise.most, promise.unit)}"
    if figure is None:
        return (promise.name, bar, "", "", "", row.note, row.verdict)
    beside = f"{figure.beside[0]} {amount(figure.beside[1], promise.unit)}" if figure.beside else ""
    note = f" ({row.note})" if row.note else ""
    return (
        promise.name, bar, amount(figure.median, promise.unit), amount(figure.p95, promise.unit),
        str(len(figure.values)), beside, row.verdict + note,
    )  # fmt: skip


def amount(value: float, unit: str) -> str:
    """A figure with its unit, with as many digits as mean something."""
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


def table(rows: Sequence[Row]) -> str:
    """All rows under their headings, columns aligned, with a sentence at the end."""
    lines = [HEADINGS, *(cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADINGS))]
    return "\n".join([*_aligned(lines, widths), "", summary(rows)])


def _aligned(lines: Sequence[tuple[str, ...]], widths: Sequence[int]) -> Iterator[str]:
    for line in lines:
        padded = (
            cell.rjust(width) if at in _NUMERIC else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()


def summary(rows: Sequence[Row]) -> str:
    kept = sum(row.verdict == KEPT for row in rows)
    short = [row.promise.name for row in rows if row.verdict == SHORT]
    words = f"{kept} of {len(rows)} promises are kept."
    return f"{words} Short: {'; '.join(short)}." if short else words


def written_into(page: Path, part: str, rows: Sequence[Row], words: str) -> None:
    """Replace the figures of a part in a Markdown page (between its two marks) by these rows, under some words."""
    text, begin = page.read_text(), BEGIN.format(part=part)
    before, rest = text.split(begin, 1)
    _old, after = rest.split(END, 1)
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + "|".join(_rule(at) for at in range(len(HEADINGS))) + "|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells(row)) + " |" for row in rows]
    page.write_text(f"{before}{begin}\n\n{words}\n\n" + "\n".join(lines) + f"\n\n{END}{after}")


def _rule(at: int) -> str:
    return "---:" if at in _NUMERIC else "---"
