"""Writing a meeting: one page a step, kept as it goes, closed at the end. Works without JavaScript."""

from umeed.books.pages.writing import beginning, closing, walking

routes = [*beginning.routes, *closing.routes, *walking.routes]
