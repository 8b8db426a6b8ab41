"""Addresses of this room: each module of `pages` brings its own."""

from umeed.books.pages import home

app_name = "books"
urlpatterns = [*home.routes]
