"""Addresses of this room: each module of `pages` brings its own."""

from umeed.books.lists import tell_of_books
from umeed.books.pages import bodies, days, health, home, meetings, papers, slips, writing

app_name = "books"
urlpatterns = [*home.routes, *health.routes, *papers.routes, *slips.routes, *writing.routes, *meetings.routes, *days.routes, *bodies.routes]

tell_of_books()
