"""A promise is judged by its bar, by the right figure, and never kept when the thing measured was wrong."""

import pytest

from umeed.bench.promises import KEPT, MEDIAN, MOST, P95, SHORT, UNMEASURED, Book, Figure, Promise, promise

TWENTY = [float(number) for number in range(1, 21)]


def judged(figure, *, most=10, by=P95):
    return Promise("books", "A page", most, lambda bench: figure, by=by).judged(None)


def test_the_p95_is_a_value_that_was_measured():
    assert Figure(TWENTY).p95 == 19
    assert Figure([3.0]).p95 == 3
    assert Figure(TWENTY * 5).p95 == 19


@pytest.mark.parametrize(
    ("by", "most", "verdict"),
    [
        (P95, 19, KEPT),
        (P95, 18.9, SHORT),
        (MEDIAN, 10.5, KEPT),
        (MEDIAN, 10, SHORT),
        (MOST, 20, KEPT),
        (MOST, 19, SHORT),
    ],
)
def test_a_figure_is_held_against_its_bar(by, most, verdict):
    assert judged(Figure(TWENTY), most=most, by=by).verdict == verdict


def test_no_speed_makes_a_wrong_answer_good():
    row = judged(Figure([0.1], wrong="a page answered 500"))
    assert (row.verdict, row.is_short, row.note) == (SHORT, True, "a page answered 500")


def test_what_could_not_be_measured_says_why_and_is_not_short():
    row = judged("nothing is loaded")
    assert (row.verdict, row.is_short, row.note) == (UNMEASURED, False, "nothing is loaded")


def test_a_promise_is_declared_once():
    book = Book()
    declare = promise("books", "A page", most=5, book=book)
    declare(lambda bench: Figure([1.0]))
    assert [one.name for one in book.of("books")] == ["A page"]
    with pytest.raises(ValueError, match="twice"):
        declare(lambda bench: Figure([1.0]))
