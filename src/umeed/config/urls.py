"""All addresses. Each room brings its own."""

from django.urls import include, path

from umeed.core.look import set_language, set_theme
from umeed.core.styleguide import styleguide

urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("theme/", set_theme, name="set_theme"),
    path("language/", set_language, name="set_language"),
    path("profiles/", include("umeed.profiles.urls")),
    path("accounts/", include("allauth.urls")),
]
