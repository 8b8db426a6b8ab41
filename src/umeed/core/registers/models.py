"""Lists that a person has put together and wants to find again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.models import Record


class SavedView(Record):
    """A register's address under a name. `owner` is the id of the person who saved it: people live in a higher room."""

    owner = models.CharField(max_length=64)
    register = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "register", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name
