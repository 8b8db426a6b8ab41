"""One sheet: its lines, who recorded it and when, what it takes back or what took it back."""

from __future__ import annotations

from django.utils.translation import gettext

from umeed.books.ledger.balances import kept_women
from umeed.books.models import Book, Meeting, Sheet
from umeed.books.registers.between import WAY, told
from umeed.books.registers.cash import flow_title
from umeed.books.registers.papering import head_title, money, paper, register_url, some, summed, table
from umeed.books.registers.reading import Entered, Names, called, names, reasons_of, sheets
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.papers.shapes import Column, Paper, Row, Table
from umeed.core.templatetags.umeed_text import moment
from umeed.kernel.periods import Period


def one_sheet(book: Book, sheet: Sheet) -> Paper:
    """Its lines, and what it has on the way by what that was for. At most eleven questions."""
    one = next(each for each in sheets(book, sheet.on_date, sheet.on_date) if each.sheet == sheet.pk)
    women = kept_women({post.woman for post in one.posts if post.woman})
    called_by = names(women.values(), (post.body for post in one.posts))
    year = Period.year_of(sheet.on_date).code
    rows = [
        Row(
            (head_title(post.head), called_by.woman(post.woman) or called_by.body(post.body), some(max(post.paise, 0)),
             some(max(-post.paise, 0))),
            href=register_url(book, "passbook", woman=post.woman) if post.woman
            else register_url(book, "general-ledger", period=year, head=post.head.key),
        )
        for post in one.posts
    ]  # fmt: skip
    title, why = called(one), reasons_of([one]).get(one.sheet, "")
    if why and one.nature == Sheet.Kind.ADJUSTMENT and not one.is_off:
        # What puts a meeting right is called by that, with its reason.
        title, why = called(one, why), ""
    entry = _entry(sheet, one.meeting if one.reverses is None else None)
    facts = [
        (gettext("Kind"), str(sheet.get_kind_display())), (gettext("Recorded at"), moment(sheet.recorded_at)),
        (gettext("Recorded by"), entry.actor_name if entry is not None else ""), (gettext("Reason"), why),
        # The first letters tell two of them apart; the whole of it stands in the chain.
        (gettext("Fingerprint"), bytes(sheet.digest).hex()[:16]),
    ]  # fmt: skip
    return paper(
        book, title, [table("", _columns(), summed(rows, 2, 3)), *_on_the_way(book, one, called_by)],
        as_of=sheet.on_date, facts=[fact for fact in facts if fact[1]],
    )  # fmt: skip


def _columns() -> list[Column]:
    return [Column(gettext("Head"), width=28), Column(gettext("Name"), width=24),
            *money(gettext("Debit"), gettext("Credit"))]  # fmt: skip


def _on_the_way(book: Book, one: Entered, names: Names) -> list[Table]:
    """What events say of the money that it sent on, or counted."""
    if WAY not in {post.head for post in one.posts}:
        return []
    seen = next(each for each in told(book, [one]) if each.sheet == one.sheet)
    rows = [
        Row((
            flow_title(
                post.head.key, is_receipt=(post.paise < 0) != (one.reverses is not None), is_paid=not one.is_off
            ),
            names.body(post.whom), some(max(post.paise, 0)), some(max(-post.paise, 0)),
        ))
        for post in seen.posts if post.whom
    ]  # fmt: skip
    return [table(head_title(WAY), _columns(), summed(rows, 2, 3))] if rows else []


def _entry(sheet: Sheet, meeting: object) -> AuditEntry | None:
    """Who wrote it: the entry about the sheet, or about the meeting that it is the money of."""
    subjects = {"books_sheet": str(sheet.pk), "books_meeting": str(meeting)}
    found = AuditChange.objects.filter(
        kind=AuditChange.CREATED, table__in=subjects, subject_id__in=subjects.values()
    ).select_related("entry")  # fmt: skip
    return next((one.entry for one in found if subjects[one.table] == one.subject_id), None)


def meeting_of(sheet: Sheet) -> Meeting | None:
    """The meeting that it is the money of."""
    return Meeting.objects.filter(sheet=sheet).first()
