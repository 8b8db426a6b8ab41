"""Files as the government's own systems give them, made on the fly in full size: LGD's download, LokOS's workbook."""

import datetime
import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter
from django.conf import settings

from umeed.institutions.loads.columns import GROUPS, LOKOS, MEMBERS
from umeed.places.facts import districts
from umeed.places.models import Kind, Within
from umeed.simulator.words import JAMMU, KASHMIR, MEN, SECOND, SURNAMES, VILLAGE_HEADS, VILLAGE_TAILS
from umeed.simulator.words import WOMEN as FIRST

VILLAGES = 6_856
"""Villages of J&K in LGD's download of 6 August 2022."""
SAMPLE = "shared/data/samples/02_lgd_download_jammu_kashmir_2022-08-06.zip"
MEMBERS_A_GROUP = 8

_BOOK = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Report"><ss:Table>\n'
)
_VILLAGE = (
    "S.No.", "District Code", "District Name", "Sub-District Code", "Sub-District Name", "Village Code",
    "Village Version", "Village Name ", "Village Name", "Village Status", "Census 2001 Code", "Census 2011 Code",
)  # fmt: skip
_SECOND = {3: "(In English)", 5: "(In English)", 8: "(In English)", 9: "(In Local)"}


def directory_of_jk() -> tuple[bytes, str]:
    """LGD's download of J&K where it lies beside the repository, else one of its form and size; and which it is."""
    sample = Path(settings.PROJECT).parent / SAMPLE
    if sample.is_file():
        return sample.read_bytes(), "LGD's own download"
    return _made_directory(), "a made file of LGD's form"


def _made_directory() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("villageofSpecificState2022:08:06.xls", "".join(_village_book()))
    return packed.getvalue()


def _village_book() -> Iterator[str]:
    yield _BOOK
    for title in ("Local Government Directory", "All Villages of JAMMU AND KASHMIR(State code : 1) State"):
        yield _merged(title)
    yield _row(dict(enumerate(_VILLAGE, start=1)))
    yield _row(_SECOND)
    for number, row in enumerate(_villages(), start=1):
        yield _row(dict(enumerate((number, *row), start=1)))
    yield _merged("Aug 6, 2022 2:13 AM")
    yield "</ss:Table></Worksheet></Workbook>"


def _villages() -> Iterator[Sequence[object]]:
    """Every district in turn, nine tehsils each; names of heads, tails and a number in words' place, none twice."""
    chance = random.Random(7)  # noqa: S311  (invented data, no secret)
    of_jk = [(one.code, one.name) for one in districts() if one.state_code == 1]
    for number in range(VILLAGES):
        code, district = of_jk[number % len(of_jk)]
        tehsil = number // len(of_jk) % 9
        name = chance.choice(VILLAGE_HEADS[KASHMIR]) + chance.choice(VILLAGE_TAILS[KASHMIR])
        letters = chr(65 + number % 26) + chr(65 + number // 26 % 26) + chr(65 + number // 676 % 26)
        yield (
            code, district, 900_000 + code * 10 + tehsil, f"{district} {tehsil + 1}", 9_000_000 + number, 1,
            f"{name} {letters}", "", "Inhabited", "00000000", "000000",
        )  # fmt: skip


def _merged(text: str) -> str:
    across = len(_VILLAGE)
    return f'<Row><Cell ss:Index="1" ss:MergeAcross="{across}"><Data ss:Type="String">{text}</Data></Cell></Row>\n'


def _row(cells: dict[int, object]) -> str:
    return f"<Row>{''.join(_cell(at, value) for at, value in cells.items())}</Row>\n"


def _cell(at: int, value: object) -> str:
    kind = "Number" if isinstance(value, int) else "String"
    return f'<Cell ss:Index="{at}"><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'


def workbook_of_women(count: int, today: datetime.date) -> bytes:
    """A LokOS workbook of `count` women in groups of eight, in villages of this installation."""
    made = io.BytesIO()
    chance = random.Random(11)  # noqa: S311  (invented data, no secret)
    places = _villages_by_name(today)
    groups = [_group(number, *places[number % len(places)]) for number in range(count // MEMBERS_A_GROUP)]
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        _sheet(book, "SHGs", GROUPS, iter(groups))
        members = (_member(chance, group, place, at) for at, group in enumerate(groups) for place in range(8))
        _sheet(book, "Members", MEMBERS, members)
    return made.getvalue()


def _villages_by_name(today: datetime.date) -> list[tuple[str, str]]:
    """(village, panchayat) of J&K, those pairs of names that only one village bears."""
    rows = Within.objects.on(today).filter(above__kind=Kind.PANCHAYAT, below__kind=Kind.VILLAGE, above__mission="jk")
    borne = Counter(rows.values_list("below__name", "above__name"))
    return sorted(pair for pair, times in borne.items() if times == 1)


def _sheet(book: xlsxwriter.Workbook, title: str, kind: str, rows: Iterator[dict[str, object]]) -> None:
    sheet = book.add_worksheet(title)
    sheet.write_row(0, 0, [column.headings[0] for column in LOKOS[kind]])
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [row.get(column.key) for column in LOKOS[kind]])


def _group(number: int, village: str, panchayat: str) -> dict[str, object]:
    letters = "".join(chr(65 + number // 26**power % 26) for power in range(3))
    return {
        "name": f"Umeed {letters} Group", "village": village, "panchayat": panchayat, "formed_on": "25_01_2016",
        "status": "Active", "promoter": "NRLM", "frequency": "Weekly", "weekly_day": "Monday", "saving": 100,
        "account_number": f"#{1_000_000_000 + number * 7}", "ifsc": "DEMO0000001", "bank": "Demonstration Bank",
        "account_opened_on": "23_02_2020",
    }  # fmt: skip


def _member(chance: random.Random, group: dict[str, object], place: int, at: int) -> dict[str, object]:
    region = (KASHMIR, JAMMU)[at % 2]
    account = f"#{20_000_000_000 + at * MEMBERS_A_GROUP + place}"
    return {
        "group": group["name"], "name": f"{chance.choice(FIRST[region])} {chance.choice(SECOND[region])}",
        "belonging": f"{chance.choice(MEN[region])} {chance.choice(SURNAMES[region])}", "relation": "Husband",
        "gender": "Female", "knows_birth": "Yes", "joined_on": "01_02_2016", "marital": "Married",
        "born_on": f"{chance.randint(1, 28):02d}_{chance.randint(1, 12):02d}_{chance.randint(1966, 1996)}",
        "office": ("President", "Secretary", "Treasurer")[place] if place < 3 else "Null",
        "social": "General", "religion": "Muslim", "education": "Bachelors Degree",
        "phone": f"Self:{6_100_000_000 + chance.randint(0, 99_999_999)}", "address_1": "Main road", "pin": 190001,
        "account_number": account, "account_again": account, "ifsc": "DEMO0000001", "livelihood_1": "Dairy",
    }  # fmt: skip
