"""django-ledger: an entity with an account for each head, a ledger for each book; `commit_txs` and posted, a sheet."""

import datetime
from decimal import Decimal

import talking

# Roles of one kind of activity, the operating one: a journal entry that mixes kinds, as a meeting does, is refused.
ACCOUNTS = {
    "cash": ("1010", "asset_ca_cash", "debit"), "loan_to_member": ("1110", "asset_ca_recv", "debit"),
    "saving_compulsory": ("2010", "lia_cl_other", "credit"),
    "saving_optional": ("2020", "lia_cl_other", "credit"),
    "interest_from_members": ("4010", "in_operational", "credit"), "fine": ("4020", "in_operational", "credit"),
}  # fmt: skip


def main() -> None:
    sheets = talking.begin(["django_ledger"], ROOT_URLCONF="", USE_DEPRECATED_PYTZ=False)
    from django.contrib.auth import get_user_model
    from django.db.models import Sum
    from django.utils import timezone
    from django_ledger.models import EntityModel, TransactionModel

    admin = get_user_model().objects.create_user("admin")
    entity = EntityModel.create_entity(name="Groups", admin=admin, use_accrual_method=True, fy_start_month=4)
    entity.save()
    entity.create_chart_of_accounts(assign_as_default=True, commit=True, coa_name="Heads")
    accounts = {}
    for head, (code, role, side) in ACCOUNTS.items():
        accounts[head] = entity.create_account(code=code, role=role, name=head, balance_type=side, active=True)
    ledgers = {}
    for book in sorted({sheet["book"] for sheet in sheets}):
        ledgers[book] = entity.create_ledger(name=f"Book {book}", ledger_xid=f"book-{book}", posted=True)

    def post(sheet: dict) -> None:
        day = datetime.date.fromisoformat(sheet["on"])
        ledgers[sheet["book"]].commit_txs(
            je_timestamp=timezone.make_aware(datetime.datetime.combine(day, datetime.time(12))),
            je_txs=[
                {
                    "account": accounts[head], "amount": Decimal(abs(paise)) / 100, "description": "Meeting",
                    "tx_type": "debit" if paise > 0 else "credit",
                }
                for head, paise in sheet["lines"]
            ],
            je_posted=True,
        )  # fmt: skip

    def balances() -> list:
        heads = {account.pk: head for head, account in accounts.items()}
        books = {ledger.pk: book for book, ledger in ledgers.items()}
        rows = TransactionModel.objects.filter(journal_entry__posted=True).values(
            "journal_entry__ledger", "account", "tx_type"
        )
        return [
            [books[row["journal_entry__ledger"]], heads[row["account"]],
             int(row["total"] * 100) * (1 if row["tx_type"] == "debit" else -1)]
            for row in rows.annotate(total=Sum("amount")).order_by()
        ]  # fmt: skip

    talking.answer(sheets, post, balances)


if __name__ == "__main__":
    main()
