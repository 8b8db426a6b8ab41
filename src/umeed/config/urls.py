"""All addresses. Each room brings its own."""

from django.urls import include, path

from umeed.core.styleguide import styleguide

urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("", include("umeed.access.urls")),
    path("audit/", include("umeed.core.audit_pages.urls")),
    path("loads/", include("umeed.core.loads.urls")),
    path("profiles/", include("umeed.profiles.urls")),
    path("accounts/", include("allauth.urls")),
]
