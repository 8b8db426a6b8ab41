"""The entry point that the application server calls."""

import os

from django.core.wsgi import get_wsgi_application

from umeed.core.memory import keep_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "umeed.config.settings")
application = get_wsgi_application()
keep_what_is_loaded()
