"""Books: the ledger, the loans, the meetings and the rules that a group gave itself."""

from umeed.books.models.book import Book, MonthLock
from umeed.books.models.bylaws import Bylaw
from umeed.books.models.clashes import Clash
from umeed.books.models.cutoffs import CutOff, OpenCutOff
from umeed.books.models.grades import Grading
from umeed.books.models.ledger import Line, Movement, Sheet
from umeed.books.models.loans import Agreement, CreditLimit, Loan, LoanDecision, LoanRequest
from umeed.books.models.meetings import Meeting, OpenMeeting, stands

__all__ = [
    "Agreement", "Book", "Bylaw", "Clash", "CreditLimit", "CutOff", "Grading", "Line", "Loan", "LoanDecision",
    "LoanRequest", "Meeting", "MonthLock", "Movement", "OpenCutOff", "OpenMeeting", "Sheet", "stands",
]  # fmt: skip
