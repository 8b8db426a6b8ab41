"""Days of a VO or CLF: written step by step, read out and closed, listed, seen again, taken back."""

from umeed.books.pages.days import closed, ending, walking

routes = [*walking.routes, *ending.routes, *closed.routes]
