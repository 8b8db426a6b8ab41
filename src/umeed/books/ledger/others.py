"""The book of another body, into which a person may have to write without seeing it: what she gives stands there."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from umeed.books.models import Book
from umeed.core.viewer import as_system


def books_of(institutions: Iterable[UUID]) -> dict[UUID, int]:
    """{institution: its book's number} of those that keep one here. Tells no more than that there is a book."""
    # The second door would hide the VO's book from a group's bookkeeper, who must know whether to write into it.
    with as_system():
        return dict(Book.objects.filter(institution__in=list(institutions)).values_list("institution", "pk"))
