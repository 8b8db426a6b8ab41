"""The cut-off of a group: written part by part, posted when it balances, shown with its check and its versions."""

from umeed.books.pages.cutoff import showing, workbook, writing

routes = [*showing.routes, *workbook.routes, *writing.routes]
