"""Which transaction touched what of what a phone keeps of a group. Written by triggers; only ever added to, so that no
two transactions wait for each other here. What a later mark covers is removed at night."""

from enum import IntEnum

from django.db import models


class What(IntEnum):
    """What was touched: a part by its name, or rows that came (`ALL` where nothing is known of how)."""

    ALL, OWN, WOMEN, LOANS, MEETINGS, QUEUE, SHEETS = range(7)


class Mark(models.Model):
    """`xid`: the number of the transaction (PostgreSQL's xid8); it never comes again."""

    pk = models.CompositePrimaryKey("group", "xid", "what")
    group = models.UUIDField(db_column="group_id")
    xid = models.BigIntegerField()
    what = models.SmallIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.group} {self.xid} {self.what}"
