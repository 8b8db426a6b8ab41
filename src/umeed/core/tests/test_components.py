"""The look and its parts: legible in both themes, safe with anything typed, the same in every script."""

import datetime as dt
import gzip
import re

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from umeed.core.look import COOKIE, set_theme
from umeed.core.styleguide import SampleForm, icon_names, styleguide
from umeed.core.templatetags import umeed_parts, umeed_text
from umeed.core.tests.drawing import CORE, RULES, SHEET, TEMPLATES, Page, drawn
from umeed.kernel.refusals import N_, Refusal, warning


def the_styleguide(language: str = "en", **cookies: str) -> str:
    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    request.COOKIES.update(cookies)
    with translation.override(language):
        return styleguide.__wrapped__(request).content.decode()


# The sheet ----------------------------------------------------------------------------------------------------------


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def themes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    blocks = re.findall(r":root(\[data-theme=\"dark\"\]|:not\(\[data-theme=\"light\"\]\))? \{(.*?)\}", RULES, re.S)
    return tuple(tokens(block) for _selector, block in blocks[:3])  # type: ignore[return-value]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


READ = [
    *((ink, ground) for ink in ("ink", "soft", "lake") for ground in ("paper", "surface", "sunken")),
    *((tone, ground) for tone in ("leaf", "kesar", "rose", "chinar", "lake") for ground in ("surface", f"{tone}-wash")),
    *((("ink", f"{tone}-wash")) for tone in ("leaf", "kesar", "rose", "chinar", "lake")),
    ("lake-deep", "lake-wash"),
    ("on-lake", "lake"),
    ("on-lake", "lake-deep"),
    ("on-walnut", "walnut"),
    ("on-walnut", "walnut-soft"),
    *((("on-s-low", f"s{n}")) for n in (1, 2, 3)),
    *((("on-s-high", f"s{n}")) for n in (4, 5)),
]
SEEN = [(mark, ground) for mark in ("edge", "focus") for ground in ("paper", "surface")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_legible_and_every_edge_is_seen(theme: str) -> None:
    light, dark, _by_device = themes()
    colours = light if theme == "light" else light | dark
    too_pale = {pair: round(contrast(*(colours[c] for c in pair)), 2) for pair in READ}
    assert {pair: ratio for pair, ratio in too_pale.items() if ratio < 4.5} == {}
    assert [pair for pair in SEEN if contrast(*(colours[c] for c in pair)) < 3] == []


def test_dark_is_the_same_by_device_and_by_choice() -> None:
    _light, chosen, by_device = themes()
    assert len(chosen) > 20
    assert chosen == by_device


def test_sheet_knows_no_left_and_right() -> None:
    physical = r"(?:margin|padding|border)-(?:left|right|top|bottom)|text-align: (?:left|right)|float: (?:left|right)"
    physical += r"|[\s{;](?:left|right|top|bottom):"
    assert re.findall(physical, RULES) == []


def test_sheet_and_script_stay_small() -> None:
    assert len(SHEET.encode()) < 40 * 1024
    assert len(gzip.compress(SHEET.encode())) < 10 * 1024, "what travels to the phone"
    assert (CORE / "static/core/umeed.js").stat().st_size < 4_096


def test_every_class_of_a_part_is_in_the_sheet() -> None:
    sheets = " ".join(path.read_text() for path in (CORE / "static/core").glob("*.css"))
    sheet = set(re.findall(r"\.(-?[a-z][\w-]*)", sheets))
    quiet = {"native", "no-print", "swatch", "side-list", "top-name"}
    for path, source in TEMPLATES.items():
        for value in re.findall(r'class="([^"{%]+)"', source):
            assert set(value.split()) - sheet - quiet == set(), path.name


def test_parts_have_neither_style_nor_script_in_them_and_say_their_inputs() -> None:
    for path, source in TEMPLATES.items():
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*src=)|\son\w+=", source), path.name
        if path.parent.name == "parts" and path.name != "cell.html":
            assert source.startswith("{% comment %}"), path.name


def test_every_icon_that_is_named_is_drawn() -> None:
    named = {name for source in TEMPLATES.values() for name in re.findall(r'{% icon "(\w+)"', source)}
    assert named
    assert named | set(umeed_parts.NOTICE_KINDS) | umeed_parts.TURNING <= set(icon_names())


# Words and numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value", "written"),
    [
        ("{{ v|grouped }}", 1234567, "12,34,567"),
        ("{{ v|grouped }}", -1234, "-1,234"),
        ("{{ v|grouped:1 }}", 0.25, "0.3"),
        ("{{ v|grouped }}", None, "–"),
        ("{{ v|grouped }}", "many", "–"),
        ("{{ v|lakh }}", 766000, "7.66 lakh"),
        ("{{ v|lakh }}", 99_999, "99,999"),
        ("{{ v|lakh }}", 99_99_999, "1.00 crore"),
        ("{{ v|lakh }}", 28_060_600_000, "2,806.06 crore"),
        ("{{ v|rupees }}", 123456750, "₹\u00a012,34,567.50"),
        ("{{ v|rupees:0 }}", -150, "-₹\u00a02"),
        ("{{ v|percent }}", 1.23, "123%"),
        ("{{ v|percent:1 }}", 0.853, "85.3%"),
        ("{{ v|masked }}", "9906543210", "••••••3210"),
        ("{{ v|masked }}", "3210", "••••••"),
        ("{{ v|masked }}", None, "••••••"),
    ],
)
def test_numbers_are_written_as_here(source: str, value: object, written: str) -> None:
    assert drawn(source, v=value) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "21 Nov 2026"), ("hi", "21 नवंबर 2026"), ("ur", "21 نومبر 2026"), ("xx", "21 Nov 2026")],
)
def test_days_speak_the_readers_language_with_latin_digits(language: str, written: str, monkeypatch) -> None:
    monkeypatch.setattr(umeed_text, "get_language", lambda: language)
    assert umeed_text.day(dt.date(2026, 11, 21)) == written


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("hi", ", "), ("ur", "، ")])
def test_a_list_has_the_comma_of_its_reader(language: str, comma: str) -> None:
    with translation.override(language):
        assert umeed_text.listed(["Posha", 2, "Hajra"]) == f"Posha{comma}2{comma}Hajra"
        assert Template("{% load umeed_text %}a{% comma %}b").render(Context()) == f"a{comma}b"


def test_a_moment_belongs_to_the_day_of_the_mission() -> None:
    late_in_utc = dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.UTC)
    assert umeed_text.day(late_in_utc) == "21 Nov 2026"
    assert umeed_text.moment(late_in_utc) == "21 Nov 2026, 01:30"


def test_ago_says_only_what_has_passed() -> None:
    now = timezone.now()
    assert umeed_text.ago(now - dt.timedelta(hours=23, minutes=50)) == "23 hours ago"
    assert umeed_text.ago(now - dt.timedelta(days=3, hours=1)) == "3 days ago"
    assert umeed_text.ago(timezone.localdate()) == "today"
    assert umeed_text.ago(None) == "–"


def test_movement_is_an_arrow_and_a_sentence() -> None:
    assert "▲ 2" in umeed_text.movement(2)
    assert "up 2 places" in umeed_text.movement(2)
    assert "down 1 place<" in umeed_text.movement(-1)
    assert "no change" in umeed_text.movement(0)
    assert "new in the ranking" in umeed_text.movement(None)


def test_a_moment_ago_is_just_now() -> None:
    assert umeed_text.ago(timezone.now() - dt.timedelta(seconds=2)) == "just now"
    assert umeed_text.ago(timezone.now() - dt.timedelta(seconds=40)) == "40 seconds ago"


# Parts --------------------------------------------------------------------------------------------------------------


def test_what_people_type_is_never_markup() -> None:
    bad = "<script>alert(1)</script>"
    columns, rows = [{"key": "a", "title": bad}], [{"a": {"text": bad, "url": "/?q=" + bad, "note": bad}}]
    source = (
        "{% table c r %}{% notice title=t %}{{ t }}{% endnotice %}{% card title=t %}{{ t }}{% endcard %}{% bars b %}"
    )
    html = drawn(source, c=columns, r=rows, t=bad, b=[{"name": bad, "value": 1, "shown": bad}])
    html += drawn("{% refusals r %}", r=[{"field": bad, "text": bad}])
    html += drawn("{% tilemap v t names=n %}", v={1: 1}, t=bad, n={1: bad})
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") > 10


def test_all_reasons_stand_together_and_lead_to_their_fields() -> None:
    form = SampleForm({"name": "", "members": "31"})
    page = Page(drawn("{% fields f %}", f=form))
    anchors = [a["href"][1:] for tag, a in page.tags if tag == "a" and (a.get("href") or "").startswith("#")]
    assert len(anchors) == len(form.errors)
    assert set(anchors) <= set(page.ids)


def test_every_field_is_described_by_what_stands_beside_it() -> None:
    page = Page(drawn("{% fields f %}{% fields g %}", f=SampleForm({"name": ""}), g=SampleForm(prefix="again")))
    described = [a["aria-describedby"].split() for _tag, a in page.tags if a.get("aria-describedby")]
    assert len(described) > 8
    assert {name for names in described for name in names} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


class Ticked(forms.Form):
    agreed = forms.BooleanField(label="She agrees")


def test_a_tick_box_keeps_its_label_behind_it() -> None:
    html = drawn("{% field f.agreed %}", f=Ticked())
    assert html.index("<input") < html.index("<label")


def test_rules_reasons_are_translated_filled_and_sorted_by_weight() -> None:
    reasons = [
        Refusal("village", "gone", N_("%(name)s was merged"), {"name": "Nowgam"}),
        warning(None, "few", N_("Only %(count)s members"), {"count": "9"}),
    ]
    html = drawn("{% refusals r %}", r=reasons)
    assert 'href="#id_village">Nowgam was merged' in html
    assert "Only 9 members" in html
    assert html.index("notice-refuse") < html.index("notice-warn")
    assert drawn("{% refusals r %}", r=[]).strip() == ""


def test_a_table_names_its_cells_for_the_phone() -> None:
    columns = [
        {"key": "name", "title": "Group", "sorted": "desc", "sort_url": "?s"},
        {"key": "n", "title": "Members", "number": True},
    ]
    html = drawn("{% table c r total=t %}", c=columns, r=[{"name": "Noor", "n": 12}], t={"name": "All", "n": 12})
    page = Page(html)
    assert [a["data-label"] for tag, a in page.tags if tag == "td"] == ["Members", "Members"]
    assert next(a for tag, a in page.tags if tag == "th" and "aria-sort" in a)["aria-sort"] == "descending"
    assert "Nothing here yet" in drawn("{% table c r %}", c=columns, r=[])


def test_a_covered_value_is_not_in_the_page() -> None:
    part = "{% include 'core/parts/masked.html' with value=v|masked url='/show' only %}"
    html = drawn(part, v="9906543210")
    assert "••••••3210" in html
    assert "990654" not in html


def test_what_is_asked_on_the_way_is_no_alarm() -> None:
    asked = [Refusal("option_on", "no_day", "Say from which day this holds.")]
    told = Template("{% load umeed_parts %}{% to_settle asked 'Please settle this' %}").render(
        Context({"asked": asked})
    )
    assert "notice-info" in told and "notice-refuse" not in told and 'role="alert"' not in told
    assert '<a href="#id_option_on">Say from which day this holds.</a>' in told


# Pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("hi", "ltr"), ("ur", "rtl")])
def test_styleguide_in_every_language(language: str, direction: str) -> None:
    html = the_styleguide(language)
    page = Page(html)
    root = next(attrs for tag, attrs in page.tags if tag == "html")
    assert (root["lang"], root["dir"]) == (language, direction)
    assert len(page.ids) == len(set(page.ids))
    assert not [
        tag
        for tag, attrs in page.tags
        if "style" in attrs or tag == "style" or (tag == "script" and not attrs.get("src"))
    ]
    assert len(html.encode()) < 100_000


def test_the_theme_is_told_by_the_page_itself() -> None:
    assert 'data-theme="dark"' in the_styleguide(**{COOKIE: "dark"})
    assert "<html" in the_styleguide(**{COOKIE: '"><script>'})
    assert (
        "data-theme="
        not in the_styleguide(**{COOKIE: "auto"}).partition(">")[0] + the_styleguide().partition("<head>")[0]
    )


def test_base_renders_with_nothing_given() -> None:
    for name in ("core/base.html", "core/bare.html"):
        page = Page(render_to_string(name))
        assert "main" in page.ids
        assert next(attrs for tag, attrs in page.tags if tag == "a")["href"] == "#main"


def test_choosing_a_theme_comes_back_and_goes_nowhere_else() -> None:
    post = RequestFactory().post
    answer = set_theme.__wrapped__(post("/theme/", {"theme": "dark", "next": "/styleguide/"}))
    assert (answer.status_code, answer["Location"], answer.cookies[COOKIE].value) == (302, "/styleguide/", "dark")
    answer = set_theme.__wrapped__(post("/theme/", {"theme": "pink", "next": "https://elsewhere.example/"}))
    assert answer["Location"] == "/"
    assert COOKIE not in answer.cookies
    assert set_theme.__wrapped__(RequestFactory().get("/theme/")).status_code == 405


@pytest.mark.django_db
def test_sign_in_wears_our_look(client) -> None:
    html = client.get("/accounts/login/").content.decode()
    assert 'class="field"' in html
    assert 'class="button wide"' in html
    assert "core/umeed" in html
