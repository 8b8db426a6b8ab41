"""The officer's pages about phones, at /phones/: outside what a phone keeps as its app."""

from django.urls import path

from umeed.field.views import carried, inbox, phones

app_name = "phones"
urlpatterns = [
    path("", phones.listed, name="list"),
    path("enrol/", phones.enrol, name="enrol"),
    path("<uuid:id>/", phones.phone, name="phone"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:id>/", inbox.command, name="command"),
    path("carried/", carried.carried, name="carried"),
    path("answers/<str:token>/", carried.answers, name="answers"),
    path("pages/<int:id>/", carried.picture, name="picture"),
]
