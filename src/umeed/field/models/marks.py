"""Which transaction touched what a phone keeps of a group. Written by triggers; only ever added to, so that no two
transactions wait for each other here. What a later mark covers is removed at night."""

from django.db import models


class Mark(models.Model):
    """`xid`: the number of the transaction (PostgreSQL's xid8); it never comes again."""

    pk = models.CompositePrimaryKey("group", "xid")
    group = models.UUIDField(db_column="group_id")
    xid = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.group} {self.xid}"
