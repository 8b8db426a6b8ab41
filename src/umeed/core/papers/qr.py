"""A QR code as SVG: one path, no style, the same drawing on the page and in print."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around it, as the standard asks


@lru_cache(maxsize=256)
def svg(text: str, label: str = "") -> SafeString:
    """The code of a text, black on white in either theme; `label` is read aloud instead of it."""
    rows = _modules(text)
    size = len(rows) + 2 * QUIET
    drawn = "".join(_strokes(y, row) for y, row in enumerate(rows))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" class="qr-code" role="img" aria-label="{}"'
        ' shape-rendering="crispEdges"><rect width="{}" height="{}" fill="#fff"/><path fill="#000" d="{}"/></svg>',
        size, size, label or text, size, size, drawn,
    )  # fmt: skip


def _modules(text: str) -> list[list[bool]]:
    import qrcode  # here, not above: few pages draw one, and every start would wait for it

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _strokes(y: int, row: list[bool]) -> str:
    """One rectangle for each run of dark modules."""
    drawn, x = [], 0
    while x < len(row):
        if not row[x]:
            x += 1
            continue
        start = x
        while x < len(row) and row[x]:
            x += 1
        drawn.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h-{x - start}z")
    return "".join(drawn)
