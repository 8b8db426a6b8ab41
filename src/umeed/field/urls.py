"""The phone at /field/, and what it talks to at /field/api/. The officer's pages about phones: `office_urls`."""

from django.urls import URLPattern, URLResolver, include, path

from umeed.field.views import phone

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("umeed.field.shell_urls")),
    path("api/enrol", phone.enrol, name="field_enrol"),
    path("api/sync", phone.sync, name="field_sync"),
    path("api/leave", phone.leave, name="field_leave"),
    path("api/page/<uuid:id>", phone.page, name="field_page"),
    path("api/carried", phone.carried, name="field_carried"),
]
