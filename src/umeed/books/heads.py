"""The fixed chart of heads: what a line of a book is about. One chart for groups, VOs and CLFs, and no others.

Titles are those of the official transaction forms of DAY-NRLM (receipts, payments, cut-off, 2022), with what these
leave out: fines, penalties, interest paid, cash short and over. Numbers stand in every line for ever, never reused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from umeed.kernel.refusals import N_

Side = Literal["asset", "liability", "fund", "income", "expense"]
# What a line under a head must name besides its book: a woman, a loan, another body.
About = Literal["woman", "loan", "body"]
Level = Literal["shg", "vo", "clf"]
ALL: frozenset[Level] = frozenset({"shg", "vo", "clf"})
GROUPS: frozenset[Level] = frozenset({"shg"})
FEDERATIONS: frozenset[Level] = frozenset({"vo", "clf"})


@dataclass(frozen=True, slots=True)
class Head:
    """`number` is kept in the database; assets and expenses grow by debits (+), all others by credits (−)."""

    number: int
    key: str
    title: str
    side: Side
    about: frozenset[About] = frozenset()
    levels: frozenset[Level] = ALL

    @property
    def grows_by(self) -> int:
        """+1 for debits, −1 for credits: multiply a balance by it to show it as people say it."""
        return 1 if self.side in ("asset", "expense") else -1


def _heads(side: Side, *rows: tuple[int, str, str, str] | tuple[int, str, str, str, frozenset[Level]]) -> list[Head]:
    return [
        Head(number, key, title, side, frozenset(about.split()), *levels)  # type: ignore[arg-type]
        for number, key, title, about, *levels in rows
    ]


CHART: tuple[Head, ...] = (
    *_heads(
        "asset",
        (101, "cash", N_("Cash in hand"), ""),
        (102, "bank", N_("Cash at bank"), ""),
        (103, "fixed_deposit", N_("Fixed deposit"), ""),
        (104, "saving_with_vo", N_("Saving with the VO"), "body", GROUPS),
        (105, "saving_with_clf", N_("Saving with the CLF"), "body", frozenset({"shg", "vo"})),
        (106, "share_with_vo", N_("Share capital with the VO"), "body", GROUPS),
        (107, "share_with_clf", N_("Share capital with the CLF"), "body", frozenset({"shg", "vo"})),
        (108, "insurance_policy", N_("Insurance policy"), ""),
        (111, "loan_to_member", N_("Loans to members"), "woman loan"),
        (112, "loan_to_body", N_("Loans to groups and VOs"), "body loan", FEDERATIONS),
        (119, "on_the_way", N_("Money on the way"), "body"),
    ),
    *_heads(
        "liability",
        (201, "saving_compulsory", N_("Compulsory saving"), "woman", GROUPS),
        (202, "saving_food", N_("Food security saving"), "woman", GROUPS),
        (203, "saving_health", N_("Health saving"), "woman", GROUPS),
        (204, "saving_optional", N_("Optional saving"), "woman", GROUPS),
        (211, "loan_from_bank", N_("Loan from a bank"), "loan"),
        (212, "loan_from_vo", N_("Loan from the VO"), "loan", GROUPS),
        (213, "loan_from_clf", N_("Loan from the CLF"), "loan", frozenset({"shg", "vo"})),
        (219, "loan_from_other", N_("Loan from others"), "loan"),
        (221, "saving_of_body", N_("Savings of groups and VOs"), "body", FEDERATIONS),
        (222, "share_of_body", N_("Share capital of groups and VOs"), "body", FEDERATIONS),
    ),
    *_heads(
        "fund",
        (301, "revolving_fund", N_("Revolving fund"), ""),
        (302, "cif", N_("Community investment fund"), ""),
        (303, "vrf", N_("Vulnerability reduction fund"), ""),
        (304, "startup", N_("Start-up grant"), ""),
        (305, "other_grant", N_("Other grant"), ""),
        (309, "surplus_before", N_("Surplus before the books began"), ""),
    ),
    *_heads(
        "income",
        (401, "interest_from_members", N_("Interest from members"), "woman loan"),
        (402, "interest_from_bank", N_("Interest earned"), ""),
        (403, "interest_subvention", N_("Interest subvention"), ""),
        (404, "interest_from_bodies", N_("Interest from groups and VOs"), "body loan", FEDERATIONS),
        (411, "fine", N_("Fine"), "woman"),
        (412, "penalty", N_("Penalty from a member"), "woman loan"),
        (413, "fee_of_body", N_("Fees from groups and VOs"), "body", FEDERATIONS),
        (421, "resource_fee", N_("Resource fee"), ""),
        (422, "service_cost", N_("Service cost"), ""),
        (423, "award", N_("Award"), ""),
        (429, "other_receipt", N_("Other receipt"), ""),
        (491, "cash_over", N_("Cash found over"), ""),
    ),
    *_heads(
        "expense",
        (501, "rent", N_("Rent"), ""),
        (502, "meeting_cost", N_("Cost of meetings"), ""),
        (511, "fee_to_member", N_("Resource fee to a member"), "woman"),
        (512, "fee_to_cadre", N_("Fee to community cadre"), ""),
        (513, "fee_to_bookkeeper", N_("Fee to the bookkeeper"), ""),
        (514, "travel", N_("Travel and daily allowance"), ""),
        (515, "fee_to_body", N_("Fees to the VO or CLF"), "body"),
        (521, "premium", N_("Premium of an existing policy"), ""),
        (522, "premium_new", N_("Premium of a new insurance"), ""),
        (531, "vrf_to_member", N_("Vulnerability reduction fund to a member"), "woman"),
        (541, "bank_charge", N_("Bank charge"), ""),
        (542, "interest_to_bank", N_("Interest on a bank loan"), "loan"),
        (543, "interest_to_body", N_("Interest to the VO or CLF"), "loan"),
        (544, "interest_to_other", N_("Interest to others"), "loan"),
        (545, "interest_to_member", N_("Interest on savings"), "woman", GROUPS),
        (551, "share_out", N_("Shared out to members"), "woman", GROUPS),
        (561, "written_off", N_("Loan written off"), "loan"),
        (569, "other_payment", N_("Other payment"), ""),
        (591, "cash_short", N_("Cash found short"), ""),
    ),
)
BY_KEY = {head.key: head for head in CHART}
BY_NUMBER = {head.number: head for head in CHART}
CASH, BANK = BY_KEY["cash"], BY_KEY["bank"]
SAVINGS = tuple(head for head in CHART if head.key.startswith("saving_") and "woman" in head.about)
