"""Pages and sheets travel packed to a browser that can unpack them; what is packed already is left alone."""

import gzip

import brotli
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from umeed.web.packing import PackedText

TEXT = "<p>Achabal</p>" * 500


def answer(made, *, path="/", **headers):
    request = RequestFactory().get(path, headers={"accept-encoding": "gzip"} | headers)
    return PackedText(lambda asked: made)(request)


def test_a_page_is_packed_for_who_can_unpack_it():
    packed = answer(HttpResponse(TEXT))
    assert packed["Content-Encoding"] == "gzip" and len(packed.content) < len(TEXT) / 10
    assert gzip.decompress(packed.content).decode() == TEXT
    plain = answer(HttpResponse(TEXT), **{"accept-encoding": "identity"})
    assert "Content-Encoding" not in plain and plain.content.decode() == TEXT


def test_a_streamed_sheet_of_text_is_packed_and_a_workbook_is_not():
    sheet = answer(StreamingHttpResponse(iter([b"name\n", b"Haleema\n"] * 500), content_type="text/csv"))
    assert gzip.decompress(b"".join(sheet)) == b"name\nHaleema\n" * 500
    workbook = answer(StreamingHttpResponse(iter([b"PK"]), content_type="application/vnd.ms-excel"))
    assert b"".join(workbook) == b"PK" and "Content-Encoding" not in workbook


def test_what_phones_are_answered_is_packed_closer():
    both = {"path": "/field/api/sync", "accept-encoding": "gzip, deflate, br, zstd"}
    packed = answer(HttpResponse(TEXT, content_type="application/json"), **both)
    assert packed["Content-Encoding"] == "br" and packed["Vary"] == "Accept-Encoding"
    assert brotli.decompress(packed.content).decode() == TEXT
    assert int(packed["Content-Length"]) == len(packed.content)
    for accepted in ("gzip", "gzip, br;q=0"):
        assert answer(HttpResponse(TEXT), **both | {"accept-encoding": accepted})["Content-Encoding"] == "gzip"
    # Pages hold form tokens; their packing hides lengths.
    assert answer(HttpResponse(TEXT), **both | {"path": "/women/"})["Content-Encoding"] == "gzip"
    for accepted in ("gzip, br", "gzip"):
        short = answer(
            HttpResponse("[1]" * 300, content_type="application/json"), **both | {"accept-encoding": accepted}
        )
        assert short.content == b"[1]" * 300 and "Content-Encoding" not in short
