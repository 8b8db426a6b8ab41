"""The cut-off of a group: written part by part, posted when it balances, shown with its check and its versions, put
right once its month is closed."""

from umeed.books.pages.cutoff import differing, showing, workbook, writing

routes = [*showing.routes, *workbook.routes, *writing.routes, *differing.routes]
