"""The addresses of spreadsheets on their way in."""

from django.urls import path

from umeed.core.loads import views

app_name = "loads"
urlpatterns = [
    path("", views.loads, name="list"),
    path("samples/<slug:key>.xlsx", views.sample, name="sample"),
    path("<uuid:pk>/", views.load_page, name="load"),
    path("<uuid:pk>/answers/", views.answers, name="answers"),
    path("<uuid:pk>/rows/", views.choose, name="choose"),
    path("<uuid:pk>/consent/", views.consent, name="consent"),
    path("<uuid:pk>/undo/", views.undo, name="undo"),
    path("<uuid:pk>/discard/", views.discard, name="discard"),
    path("<uuid:pk>/report.xlsx", views.report, name="report"),
]
