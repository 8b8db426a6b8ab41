"""Addresses of the shell: the page that a phone installs, its worker, its words."""

from django.urls import path

from umeed.field.views import shell

urlpatterns = [
    path("", shell.shell, name="field"),
    path("sw.js", shell.worker, name="field_worker"),
    path("shell/<str:of>.txt", shell.pack, name="field_shell"),
    path("manifest.webmanifest", shell.manifest, name="field_manifest"),
    path("api/words/<str:language>.json", shell.words, name="field_words"),
]
