"""A VO and its groups write into each other's books, and both into the CLF's, from several sessions at once, and
correct what they wrote; and two sessions under one event by raw SQL. Run on a database of its own, since what is
committed there can never be removed."""

import datetime
import random
import threading
from uuid import uuid4

import django

django.setup()

from django.db import DatabaseError, connection, transaction  # noqa: E402

from umeed.books.actions import close_meeting, reverse_event  # noqa: E402
from umeed.books.actions.bodies import BodyTerms, lend_to_body, settle_on_the_way  # noqa: E402
from umeed.books.actions.days import close_day  # noqa: E402
from umeed.books.bodies.agreeing import first_disagreement  # noqa: E402
from umeed.books.ledger.proving import first_difference  # noqa: E402
from umeed.books.models import Book, Sheet  # noqa: E402
from umeed.books.tests.making import day, entry, make_book, post, sheet  # noqa: E402
from umeed.books.tests.raw import FIRST, sheet_of  # noqa: E402
from umeed.core.actions import Refused  # noqa: E402
from umeed.core.viewer import as_system  # noqa: E402
from umeed.institutions.models import Institution, Woman  # noqa: E402
from umeed.institutions.tests.making import make_federation, make_group, us  # noqa: E402
from umeed.kernel.ids import new_id  # noqa: E402
from umeed.kernel.money import Paise  # noqa: E402
from umeed.places.tests.world import Valley  # noqa: E402

ROUNDS = 5


def main() -> None:
    with as_system():
        place = Valley().chinar
        # The VO's book is older than that of one group and younger than the other's: no order of numbers helps.
        early, late = (make_group(place, name, members=5) for name in ("Roshni", "Gulab"))
        above = make_group(place, "Umeed VO", kind="vo")
        clf = make_group(place, "Sangam CLF", kind="clf")
        make_federation(above, clf)
        for group in (early, late):
            make_federation(group, above)
        books = {group: make_book(group) for group in (early, clf, above, late)}
        post(books[above], sheet(entry("bank", 100_000), entry("cif", -100_000), on="2024-04-01"))
        for group in (early, late):
            post(books[group], sheet(entry("cash", 10_000), entry("other_receipt", -10_000), on="2024-04-01"))
    loans = {group: lend(books[above], group) for group in (early, late)}
    errors: list[str] = []
    work = [
        threading.Thread(target=_alone, args=(errors, group_meets, books[group], above, clf, loans[group].twin_id))
        for group in (early, late)
    ]
    work.append(threading.Thread(target=_alone, args=(errors, vo_days, books[above], clf, list(loans.values()))))
    for one in work:
        one.start()
    for one in work:
        one.join(120)
    assert not errors, errors
    with as_system():
        assert first_difference() is None and first_disagreement() is None
        assert Sheet.objects.filter(event__isnull=False).count() >= 4 * ROUNDS
    under_one_event(above, early, books)


def _alone(errors: list[str], do, *args) -> None:  # type: ignore[no-untyped-def]
    try:
        with as_system():
            pass
        do(*args)
    except Exception as wrong:
        errors.append(f"{do.__name__}: {type(wrong).__name__} {wrong}"[:500])
    finally:
        connection.close()


def lend(book: Book, group: Institution):  # type: ignore[no-untyped-def]
    terms = BodyTerms(group.pk, Paise(20_000_00), 1200, "balance", 20, day("2024-05-10"))
    with as_system():
        return lend_to_body(by=us(), book=book, loan=new_id(), on=day("2024-04-10"), terms=terms)


def group_meets(book: Book, above: Institution, clf: Institution, loan: int) -> None:
    """Each week the group repays, saves with the VO and the CLF, finds the repayment too much, and takes one of the
    events back now and then."""
    from umeed.books.models import Loan

    chance = random.Random(book.pk)
    with as_system():
        women = list(Woman.objects.filter(memberships__institution=book.institution).order_by("pk"))
        uid = Loan.objects.get(pk=loan).uid
    box = 10_000_00
    for number in range(1, ROUNDS + 1):
        on = day("2024-05-01") + datetime.timedelta(weeks=number)
        box -= 150_00
        said = {
            "number": number, "on": on, "president": women[0].pk, "counted": box,
            "attendance": {woman.pk: "present" for woman in women},
            "given": [{"body": one.pk, "what": "saving", "paise": 25_00} for one in (clf, above)],
        }  # fmt: skip
        held = None
        for paise in (100_00, 0, 100_00):
            repaid = {"repaid": [{"loan": uid, "principal": paise}] if paise else [], "counted": box + 100_00 - paise}
            with as_system():
                held = close_meeting(
                    by=us(), book=book, said={**said, "id": new_id(), **repaid}, is_sure=True, replaces=held, why="So"
                ).meeting
        if chance.random() < 0.3:
            with as_system():
                rows = Sheet.objects.filter(book=book, event__isnull=False, kind=3, reversed_by__isnull=True)
                event = rows.order_by("-pk").values_list("event", flat=True).first()
                reverse_event(by=us(), event=event, why="Written in the wrong week")


def vo_days(book: Book, clf: Institution, loans: list) -> None:  # type: ignore[type-arg]
    """Each week every group's repayment is counted, left out again, one after the other, and written after all; the VO
    saves with the CLF."""
    for number in range(1, ROUNDS + 1):
        on = day("2024-05-02") + datetime.timedelta(weeks=number)
        with as_system():
            box = _cash(book)
        held = None
        for paid in (loans, loans[1:], [], loans):
            said = {
                "id": new_id(), "number": number, "on": on, "kind": "extra", "counted": box + 60_00 * len(paid),
                "repayments": [{"loan": loan.uid, "principal": 60_00} for loan in paid],
                "given": [{"body": clf.pk, "what": "saving", "paise": 5_00, "mode": "bank"}],
            }  # fmt: skip
            with as_system():
                held = close_day(by=us(), book=book, said=said, is_sure=True, replaces=held, why="So").meeting
        with as_system():
            for loan in loans:
                _count_in(book, loan, on)


def _cash(book: Book) -> int:
    from umeed.books.ledger.balances import balances

    return balances(book.pk, us().today).get("cash", 0)


def _count_in(book: Book, loan, on: datetime.date) -> None:  # type: ignore[no-untyped-def]
    try:
        with transaction.atomic():
            settle_on_the_way(by=us(), book=book, body=loan.body_id, ways={"bank": Paise(40_00)}, on=on, uid=new_id())
    except Refused:
        pass  # Nothing is on the way just now.


def under_one_event(vo: Institution, group: Institution, books: dict[Institution, Book]) -> None:
    """Two sessions write a whole event each, in other books, under the same id, and end at the same time: one is
    refused, though neither saw the other's sheets when it wrote its own."""
    with as_system():
        other = make_group(vo.place, "Wular VO", kind="vo")
        below = make_group(vo.place, "Chinar", members=5)
        books = {**books, other: make_book(other), below: make_book(below)}
    event, answers = uuid4(), []
    gate = threading.Barrier(2)

    def write(first: int, pair: tuple[Institution, Institution]) -> None:
        try:
            with as_system(), connection.cursor() as cursor:
                for at, (mine, theirs, head, sign) in enumerate(((*pair, 221, -1), (*reversed(pair), 104, 1))):
                    lines = [(head, sign * 100, None, None, theirs.pk), (101, -sign * 100)]
                    said = {"event": event, "on_date": "2024-06-01", "kind": 3}
                    cursor.execute(*sheet_of(first + at, books[mine].pk, lines, **said))
                gate.wait(60)
            answers.append("committed")
        except DatabaseError as wrong:
            answers.append(str(wrong))
        finally:
            connection.close()

    work = [threading.Thread(target=write, args=said) for said in ((FIRST, (vo, group)), (FIRST + 2, (other, below)))]
    for one in work:
        one.start()
    for one in work:
        one.join(60)
    assert answers.count("committed") == 1 and any("same in both books" in one for one in answers), answers


if __name__ == "__main__":
    main()
