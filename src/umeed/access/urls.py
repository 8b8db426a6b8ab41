"""Addresses of people, postings, one's own page, the first password and signing in."""

from django.urls import include, path

from umeed.access.views import entrance, me, people, sight

_OF_ACCESS = [
    path("users/", people.people, name="people"),
    path("users/new/", people.invite, name="invite"),
    path("users/<uuid:id>/", people.person, name="person"),
    path("users/<uuid:id>/post/", people.post, name="post"),
    path("users/<uuid:id>/edit/", people.edit, name="edit"),
    path("users/<uuid:id>/account/<slug:act>/", people.account, name="account"),
    path("users/postings/<int:id>/end/", people.end, name="end"),
    path("who-can-see/<slug:table>/<slug:id>/", sight.who_can_see, name="who_can_see"),
    path("me/", me.me, name="me"),
    path("me/second-step/", me.second_factor, name="second_factor"),
    path("me/language/", me.language, name="language"),
    path("me/theme/", me.theme, name="theme"),
    path("no-posting/", me.no_posting, name="no_posting"),
    path("invitation/<str:token>/", entrance.invitation, name="invitation"),
]
urlpatterns = [
    path("", include((_OF_ACCESS, "access"))),
    path("accounts/", include("umeed.access.sign_in_urls")),
    # The page frame knows the two switches by these names, with or without this room.
    path("language/", me.language, name="set_language"),
    path("theme/", me.theme, name="set_theme"),
]
