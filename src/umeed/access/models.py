"""People who sign in and the postings that let them see and do things, somewhere, for a time."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from umeed.access.capabilities import ROLE_CHOICES
from umeed.core.dated import Dated, DatedQuerySet, one_at_a_time
from umeed.core.fields import SealedTextField
from umeed.core.models import Written
from umeed.kernel.ids import new_id
from umeed.places.models import Place


class User(AbstractUser):
    """A person who signs in. Rights come only from postings: Django's own flags and groups are not used."""

    AUDIT_HIDES = ("password", "last_login", "links_given")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=5, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    phone = SealedTextField(_("Phone"), blank=True, purpose="access.user.phone")
    # Each new link to set a password counts one up and is bound to the count: the links before it are dead.
    links_given = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name


class Posting(Written, Dated):
    """A person holds a role at a place or at an institution for a time.

    `institution_id` points at a table of a higher room, so the foreign key is laid by that room's first migration.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="postings")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    institution_id = models.UUIDField(null=True, blank=True, db_index=True)
    why = models.CharField(max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            one_at_a_time("posting_once_at_a_place", "user", "role", "place", condition=models.Q(place__isnull=False)),
            one_at_a_time(
                "posting_once_at_an_institution",
                "user",
                "role",
                "institution_id",
                condition=models.Q(institution_id__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(place__isnull=True) | models.Q(institution_id__isnull=True),
                name="posting_at_a_place_or_an_institution",
            ),
        ]
        # The second door knows the viewer as text.
        indexes = [models.Index(Cast("user_id", models.TextField()), name="posting_by_viewer")]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
