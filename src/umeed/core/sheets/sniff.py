"""What a file is, by its first bytes; its name and ending are not believed."""

from __future__ import annotations

import re
from typing import Literal

from umeed.core.sheets.reasons import Unreadable

Kind = Literal["zip", "ole", "xml", "text"]

_WRONG = (
    (b"%PDF", "a_pdf"),
    (b"\x89PNG", "a_picture"),
    (b"\xff\xd8\xff", "a_picture"),
    (b"GIF8", "a_picture"),
    (b"BM", "a_picture"),
    (b"II*\x00", "a_picture"),
    (b"MM\x00*", "a_picture"),
    (b"MZ", "a_program"),
    (b"\x7fELF", "a_program"),
    (b"#!", "a_program"),
    (b"{\\rtf", "a_document"),
    (b"Rar!", "an_archive"),
    (b"7z\xbc\xaf", "an_archive"),
    (b"\x1f\x8b", "an_archive"),
    (b"BZh", "an_archive"),
    (b"\xfd7zXZ", "an_archive"),
    (b"\x28\xb5\x2f\xfd", "an_archive"),
)

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\b|<!--|<!DOCTYPE\b|<(?:\w+:)?Workbook\b")
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"


def _start(data: bytes) -> bytes:
    """Return the first 4,000 characters as ASCII bytes, whichever Unicode form they are in."""
    head = data[:8000]
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "ignore").encode("ascii", "ignore").lstrip()
    return head.lstrip()


def _is_binary(data: bytes) -> bool:
    """Say whether the first 64 KB hold bytes that no text holds (UTF-16 without its mark is text)."""
    head = data[:65_536]
    if head.startswith(_BOMS):
        return False
    zeros_even, zeros_odd = head[::2].count(0), head[1::2].count(0)
    if max(zeros_even, zeros_odd) > len(head) * 0.2 and min(zeros_even, zeros_odd) == 0:
        return False
    controls = sum(head.count(bytes((code,))) for code in (*range(9), 11, *range(14, 26), *range(28, 32)))
    return controls > len(head) * 0.002


def kind_of(data: bytes) -> Kind:
    """Return what kind of file this is, or raise Unreadable for what is certainly no spreadsheet."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty_file")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    binary = _is_binary(data)
    for start, code in _WRONG:
        if data.startswith(start) and (binary or len(start) > 2):
            raise Unreadable(code)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise Unreadable("a_picture")
    if binary:
        raise Unreadable("not_a_spreadsheet")
    return _kind_of_text(_start(data))


def _kind_of_text(start: bytes) -> Kind:
    if _XML.match(start):
        if _SPREADSHEETML in start:
            return "xml"
        raise Unreadable("a_web_page" if _HTML.search(start) else "unsafe_xml" if b"<!" in start else "other_xml")
    if _HTML.match(start):
        raise Unreadable("a_web_page")
    if start.startswith((b"{", b"[{", b"#!/")):
        raise Unreadable("a_program" if start.startswith(b"#!/") else "not_a_spreadsheet")
    return "text"
