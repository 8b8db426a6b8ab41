"""Addresses of this room: each module of `pages` brings its own."""

from umeed.books.lists import tell_of_books
from umeed.books.pages import (
    bodies,
    bylaws,
    clashes,
    credits,
    cutoff,
    differing,
    health,
    home,
    loans,
    meeting_slips,
    meetings,
    missed,
    months,
    papers,
    resolved,
    sharing,
    slips,
    taken,
    together,
    undoing,
)
from umeed.books.pages.days import closed, ending
from umeed.books.pages.days import walking as day_walking
from umeed.books.pages.writing import beginning, closing, walking

app_name = "books"
urlpatterns = [
    *home.routes, *health.routes, *papers.routes, *slips.routes, *missed.routes, *beginning.routes, *closing.routes,
    *walking.routes, *meetings.routes, *clashes.routes, *undoing.routes, *day_walking.routes, *ending.routes,
    *closed.routes, *sharing.routes,
    *bodies.routes, *cutoff.routes, *bylaws.routes, *loans.routes, *resolved.routes, *months.routes, *taken.routes,
    *meeting_slips.routes, *together.routes, *differing.routes, *credits.routes,
]  # fmt: skip

tell_of_books()
