"""Addresses of this room: each module of `pages` brings its own."""

from umeed.books.lists import tell_of_books
from umeed.books.pages import health, home, meetings, writing

app_name = "books"
urlpatterns = [*home.routes, *health.routes, *writing.routes, *meetings.routes]

tell_of_books()
