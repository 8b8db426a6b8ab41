"""What stands in a field is whole: a browser cuts it at the box of its line, and Nastaliq rises far above Latin."""

import base64

import pytest

from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# Without the stroke of its kaf the first word reads "lamiunity", October "al-tober".
TALL = {"hi": "हिन्दी में लिखें र्कैं ड्ढ्यूँ", "ur": "کمیونٹی کا اکتوبر"}
# Black on white, alone on top of the page; the same text beside it in a box with room all round.
APART = """(field, text) => {
  if (field.tagName === "SELECT") field.options[field.selectedIndex].text = text;
  else Object.assign(field, { value: text, placeholder: "" });
  Object.assign(field.style, { position: "fixed", insetBlockStart: 0, insetInlineStart: 0, inlineSize: "330px",
    zIndex: 99, color: "#000", background: "#fff", borderColor: "#fff" });
  const free = document.createElement("p");
  const { fontFamily, fontSize, fontWeight } = getComputedStyle(field);
  Object.assign(free.style, { position: "fixed", insetBlockStart: "300px", insetInlineStart: 0, zIndex: 99,
    color: "#000", background: "#fff", padding: "4rem", whiteSpace: "nowrap", boxShadow: "0 0 0 9px #fff",
    fontFamily, fontSize, fontWeight });
  free.textContent = text;
  document.body.append(free);
  return free;
}"""
INK = """async (png) => {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (one) => one.charCodeAt(0))]));
  const paper = new OffscreenCanvas(image.width, image.height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const rows = Array.from({ length: image.height }, (_, y) => paper.getImageData(0, y, image.width, 1).data);
  return rows.filter((row) => row.some((light, at) => at % 4 === 0 && light < 90)).length;
}"""


@pytest.mark.parametrize("language", ["hi", "ur"])
def test_no_letter_is_cut_in_a_field(site, chromium, language: str) -> None:
    context = chromium.new_context(viewport=PHONE)
    context.add_cookies([{"name": "django_language", "value": language, "url": site.address}])
    page = context.new_page()
    for field in ("input[type=text]", "select", "textarea"):
        page.goto(f"{site.address}/styleguide/")
        one = page.locator(f"main .field {field}").first
        free = one.evaluate_handle(APART, TALL[language]).as_element()
        page.evaluate("document.fonts.ready")
        whole, shown = (
            page.evaluate(INK, base64.b64encode(what.screenshot()).decode()) for what in (free, one)
        )  # fmt: skip
        assert whole > 15
        # Where a row of ink begins between two pixels, one more or less is seen.
        assert shown >= whole - 2, f"{field}: {shown} of {whole} rows of ink are seen"
    context.close()
