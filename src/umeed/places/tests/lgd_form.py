"""A small zip in the Local Government Directory's own form: SpreadsheetML named .xls, two heading rows, a footer."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Report"><ss:Table>
{rows}
</ss:Table></Worksheet></Workbook>"""
_VILLAGE = (
    ["S.No.", "District Code", "District Name", "Sub-District Code", "Sub-District Name", "Village Code",
     "Village Version", "Village Name ", "Village Name", "Village Status", "Census 2001 Code", "Census 2011 Code"],
    {3: "(In English)", 5: "(In English)", 8: "(In English)", 9: "(In Local)"},
)  # fmt: skip
_DISTRICT = (
    ["S. No.", "District Code", "District Version", "District Name", "District Name", "  Census 2001 Code",
     "Census 2011 Code"],
    {4: "(In English)", 5: "(In Local)"},
)  # fmt: skip


def lgd_zip(*, districts: Sequence[tuple], villages: Sequence[tuple]) -> bytes:
    """districts (code, name, census 2001, census 2011); villages (district code and name, tehsil code and name,
    code, name, status, census 2001, census 2011)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        rows = [[code, 1, name, name, old, new] for code, name, old, new in districts]
        packed.writestr("districtofSpecificState2022:08:06.xls", _book("All Districts", *_DISTRICT, rows))
        rows = [[*row[:5], 1, row[5], None, *row[6:]] for row in villages]
        packed.writestr("villageofSpecificState2022:08:06.xls", _book("All Villages", *_VILLAGE, rows))
    return made.getvalue()


def _book(title: str, headings: Sequence[str], second: dict[int, str], rows: Sequence[Sequence[object]]) -> str:
    wide = len(headings)
    lines = [
        _wide(wide, "Local Government Directory"),
        _wide(wide, f"{title} of JAMMU AND KASHMIR(State code : 1) State"),
        _row(dict(enumerate(headings, start=1))),
        _row(second),
        *(_row(dict(enumerate([number, *row], start=1))) for number, row in enumerate(rows, start=1)),
        _row(dict.fromkeys(range(1, wide + 1))),
        _wide(wide, "Aug 6, 2022 2:13 AM"),
    ]
    return _BOOK.format(rows="\n".join(lines))


def _wide(across: int, text: str) -> str:
    return f'<Row><Cell ss:Index="1" ss:MergeAcross="{across}"><Data ss:Type="String">{text}</Data></Cell></Row>'


def _row(cells: dict[int, object]) -> str:
    return f"<Row>{''.join(_cell(at, value) for at, value in cells.items())}</Row>"


def _cell(at: int, value: object) -> str:
    if value is None:
        return f'<Cell ss:Index="{at}"/>'
    kind = "Number" if isinstance(value, int) else "String"
    return f'<Cell ss:Index="{at}"><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'
