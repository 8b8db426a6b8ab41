"""The promises of the books: one sheet, the same beside other ledgers, very many, and a quarter of the UT read back.

What is posted one by one stays; so it comes after what is read, which must be a quarter and no more.
"""

# ruff: noqa: I001  (the order of the imports is the order of the promises)
from umeed.bench.books import reading
from umeed.bench.books import together
from umeed.bench.books import posting
from umeed.bench.books import beside

__all__ = ["beside", "posting", "reading", "together"]
