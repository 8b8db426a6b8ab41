"""All addresses. Each room brings its own."""

from django.urls import include, path

from umeed.access.registers import users
from umeed.books.lists import ledgers, unkept
from umeed.core.styleguide import styleguide
from umeed.institutions.registers import clfs, shgs, vos, women
from umeed.places.registers import places

handler400 = "umeed.web.errors.bad_request"
handler403 = "umeed.web.errors.refused"
handler404 = "umeed.web.errors.not_found"
handler429 = "umeed.web.errors.too_many"  # django-allauth asks for it, not Django
handler500 = "umeed.web.errors.broken"
urlpatterns = [
    # Asked most often by far: each address above it would be tried before.
    path("field/", include("umeed.field.urls")),
    path("", include("umeed.web.urls")),
    path("styleguide/", styleguide, name="styleguide"),
    *(path(register.path, register.urls()) for register in (women, shgs, vos, clfs, unkept, ledgers, places, users)),
    path("", include("umeed.institutions.urls")),
    path("", include("umeed.books.urls")),
    path("", include("umeed.access.urls")),
    path("places/", include("umeed.places.urls")),
    path("", include("umeed.api.urls")),
    path("phones/", include("umeed.field.office_urls")),
    path("audit/", include("umeed.core.audit_pages.urls")),
    path("loads/", include("umeed.core.loads.urls")),
    path("profiles/", include("umeed.profiles.urls")),
    path("duplicates/", include("umeed.duplicates.urls")),
]
