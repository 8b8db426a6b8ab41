"""django-hordak: an account for each head of each book; a transaction and its legs, a commit a sheet.

As its documentation writes them, each leg made by itself; and in bulk, which skips what a leg's `save` looks at.
"""

from decimal import Decimal

import talking

TYPES = {"asset": "AS", "liability": "LI", "income": "IN"}


def main() -> None:
    sheets = talking.begin(
        ["mptt", "hordak"], DEFAULT_CURRENCY="INR", CURRENCIES=["INR"], HORDAK_INTERNAL_CURRENCY="INR"
    )
    from django.db import transaction
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    accounts = {}
    for number, (book, head) in enumerate(sorted({(one["book"], head) for one in sheets for head, _ in one["lines"]})):
        account = Account.objects.create(
            name=f"{book} {head}", code=str(number), type=TYPES[talking.SIDES[head]], currencies=["INR"]
        )
        accounts[book, head] = account.pk

    def leg(of: Transaction, book: int, head: str, paise: int) -> Leg:
        amount = Money(Decimal(abs(paise)) / 100, "INR")
        said = {"debit": amount} if paise > 0 else {"credit": amount}
        return Leg(transaction=of, account_id=accounts[book, head], **said)

    def legs(sheet: dict) -> list[Leg]:
        made = Transaction.objects.create(date=sheet["on"], description="Meeting")
        return [leg(made, sheet["book"], head, paise) for head, paise in sheet["lines"]]

    def post(sheet: dict) -> None:
        with transaction.atomic():
            for one in legs(sheet):
                one.save(force_insert=True)

    def post_in_bulk(sheet: dict) -> None:
        with transaction.atomic():
            Leg.objects.bulk_create(legs(sheet))

    def balances() -> list:
        rows = []
        for (book, head), pk in accounts.items():
            own = Account.objects.get(pk=pk).get_balance()
            paise = sum((one.amount for one in own.monies()), Decimal(0)) * 100
            rows.append([book, head, int(paise) * (1 if talking.SIDES[head] == "asset" else -1)])
        return rows

    talking.answer(sheets, post, balances, in_bulk=post_in_bulk)


if __name__ == "__main__":
    main()
