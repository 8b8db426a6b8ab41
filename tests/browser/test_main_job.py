"""The main job, end to end, as a block officer does it: load, look, correct, see who did what, take away."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from umeed.institutions.tests.loading import lokos
from umeed.places.tests.lgd_form import lgd_zip

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Different women for each way through the job: one woman is in one group at a time.
NAMES = {
    "en": ("Haleema Bano", "Rafiqa Akhter", "Mugli Begum", "Taja Jan", "Zareefa Dar", "Posha Wani"),
    "ur": ("Kulsuma Lone", "Ateeqa Mir", "Dilshada Parray", "Hajra Ganie", "Misra Teli", "Nusrat Sofi"),
}


def lgd_file(folder: Path) -> Path:
    """Two villages of the officer's own district and one of another, in LGD's own form."""
    villages = [
        (1, "ANANTNAG", 55, "Anantnag", 991001, "Test Wuchi", "Inhabitant", "", "991001"),
        (1, "ANANTNAG", 55, "Anantnag", 991002, "Test Wuder", "Inhabitant", "", "991002"),
        (8, "KUPWARA", 1, "Kupwara", 991003, "Test Elsewhere", "Inhabitant", "", "991003"),
    ]
    file = folder / "villages.zip"
    file.write_bytes(lgd_zip(districts=[(1, "ANANTNAG", "06", "014")], villages=villages))
    return file


def lokos_file(folder: Path, village: str, group: str, names: tuple[str, ...]) -> Path:
    """A LokOS workbook with one group of six women and one child among them."""
    rows = [{"group": group, "name": name, "belonging": f"Ghulam {name.split()[1]}"} for name in names]
    child = {"group": group, "name": "Twelve Yearold", "born_on": "12_03_2014"}
    file = folder / "lokos.xlsx"
    said = {"name": group, "village": village, "panchayat": None}
    file.write_bytes(lokos([said], [*rows, child]))
    return file


def send(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/loads/")
    page.set_input_files("input[type=file]", str(file))
    page.locator("form:has(input[type=file]) button").click()
    if "/answers/" in page.url or page.locator("form[action*='answers'] button").count() > 1:
        page.locator("form[method=post][action*='/answers/'] button").first.click()
    page.wait_for_selector("#consent", timeout=60_000)


def say_yes(page: Page, which: str = "good") -> None:
    if page.locator(f"input[name=which][value={which}]").count():
        page.check(f"input[name=which][value={which}]")
    page.locator("form[action*='/consent/'] button").click()
    page.wait_for_selector("a[href*='/undo/']", timeout=60_000)


def save(page: Page) -> None:
    """Save a form; what she is warned of she has looked at, and saves all the same."""
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_load_state()
    looked_at = page.locator("main form[method=post] input[type=checkbox][name*=confirm]")
    if looked_at.count():
        looked_at.first.check()
        page.locator("main form[method=post] button[type=submit]").last.click()
        page.wait_for_load_state()
    reasons = page.locator("main .notice-refuse, main .error").all_inner_texts()
    assert "/edit/" not in page.url, reasons


@pytest.mark.parametrize(("language", "viewport"), [("en", DESK), ("ur", PHONE)], ids=["english-desk", "urdu-phone"])
def test_the_main_job(somebody, tmp_path: Path, language: str, viewport: dict[str, int]) -> None:
    person = somebody("block", language=language, viewport=viewport)
    page, address = person.page, person.site.address
    expect(page.locator("h1")).to_contain_text("Achabal")

    send(page, address, lgd_file(tmp_path))
    report = page.locator("main").inner_text()
    assert "Test Elsewhere" in report
    if language == "en":
        say_yes(page)
        page.goto(f"{address}/search/?q=Test Wuchi")

    village = page.request.get(f"{address}/api/v1/shgs").json()["items"][0]["place"]
    village = village["name"] if isinstance(village, dict) else village
    group = f"Main Job {language} SHG"
    send(page, address, lokos_file(tmp_path, village, group, NAMES[language]))
    report = page.locator("main").inner_text()
    assert "Twelve Yearold" in report
    say_yes(page)

    page.goto(f"{address}/shgs/?q=Main+Job")
    assert group in page.locator("main").inner_text(), report
    misspelt, first = {"en": "Halima+Banu", "ur": "Kulsooma+Lon"}[language], NAMES[language][0]
    page.goto(f"{address}/women/?q={misspelt}")
    expect(page.locator("main")).to_contain_text(first)

    page.locator("tr", has_text=group).get_by_role("link", name=first).first.click()
    page.locator("a[href$='/edit/']").first.click()
    page.fill("input[name=nominee_name]", "Ghulam Nabi Bano")
    page.select_option("select[name=nominee_relation]", "husband")
    save(page)
    page.wait_for_url("**/women/*/")
    expect(page.locator("main")).to_contain_text("Ghulam Nabi Bano")
    expect(page.locator("main")).to_contain_text("Shabnam Akhter")

    page.goto(f"{address}/audit/")
    expect(page.locator("main")).to_contain_text("Shabnam Akhter")
    page.goto(f"{address}/profiles/")
    expect(page.locator("main")).to_contain_text("1" if language == "en" else "%")

    with page.expect_download() as waiting:
        page.evaluate("location.href = '/women/export.xlsx?q=Haleema'")
    content = Path(waiting.value.path()).read_bytes()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_a_tired_persons_wrong_files_get_plain_reasons(somebody, tmp_path: Path) -> None:
    person = somebody("block")
    page, address = person.page, person.site.address
    wrong = {
        "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"0" * 300,
        "cut.xlsx": b"PK\x03\x04" + b"0" * 300,
        "empty.csv": b"",
    }
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
        page.goto(f"{address}/loads/")
        page.set_input_files("input[type=file]", str(tmp_path / name))
        page.locator("form:has(input[type=file]) button").click()
        page.wait_for_load_state()
        said = page.locator("main").inner_text()
        assert "Traceback" not in said
        assert page.locator(".notice-refuse, .error, .refusals").count() > 0, f"{name}: {said[:300]}"


def test_who_has_no_posting_is_told_whom_to_ask(somebody) -> None:
    page = somebody("new").page
    expect(page.locator("main")).to_contain_text("MIS officer")
    assert page.locator("nav.side a").count() == 0


def test_the_site_administrator_sees_no_woman(somebody) -> None:
    person = somebody("site")
    answer = person.page.goto(person.site.address + "/women/")
    assert answer.status == 404
