"""The Django ground that every room stands on."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "umeed.core"
    label = "core"

    def ready(self) -> None:
        from umeed.core import roles

        pre_migrate.connect(roles.begin_migrations, dispatch_uid="umeed-owner")
        post_migrate.connect(roles.end_migrations, dispatch_uid="umeed-app")
        roles.work_as_app_from_now_on()
