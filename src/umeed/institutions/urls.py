"""Addresses of this room beside the registers: a page about what is tied to a record, and one a way of acting on it."""

from django.urls import path

from umeed.institutions import views

app_name = "institutions"
urlpatterns = [
    path("women/<uuid:id>/ties/", views.woman, name="woman"),
    *(
        path(f"women/<uuid:id>/{way.key.replace('_', '-')}/", views.woman_act(way), name=f"woman_{way.key}")
        for way in views.WOMAN_WAYS
    ),
    path("institutions/<uuid:id>/", views.institution, name="institution"),
    *(
        path(
            f"institutions/<uuid:id>/{way.key.replace('_', '-')}/",
            views.institution_act(way),
            name=f"institution_{way.key}",
        )
        for way in views.INSTITUTION_WAYS
    ),
]
