"""Addresses of this room: each module of `pages` brings its own."""

from umeed.books.lists import tell_of_books
from umeed.books.pages import bodies, days, health, home, meetings, writing

app_name = "books"
urlpatterns = [*home.routes, *health.routes, *writing.routes, *meetings.routes, *days.routes, *bodies.routes]

tell_of_books()
