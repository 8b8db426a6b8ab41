"""Appoints a site administrator from the machine itself: the first person of a new installation, or after a mishap."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from umeed.access.actions import invite_person
from umeed.access.tellings import APPOINTED
from umeed.core.actions import Refused
from umeed.core.scope import system
from umeed.core.viewer import as_system


class Command(BaseCommand):
    help = "Appoints a site administrator and prints her one-time link to set a password. No password is ever made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, username: str, name: str, email: str, **options: Any) -> None:
        today = timezone.localdate()
        try:
            with as_system():
                _person, link = invite_person(
                    by=system(today, name="Command line"), username=username, name=name, email=email,
                    role="site_administrator", since=today, why=APPOINTED,
                )  # fmt: skip
        except Refused as refused:
            raise CommandError("\n".join(reason.message() for reason in refused.refusals)) from refused
        scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
        self.stdout.write(f"{scheme}://{settings.ALLOWED_HOSTS[0]}{link}")
        self.stdout.write("The link works once, for seven days. Hand it to nobody else.")
