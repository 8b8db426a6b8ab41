"""The entry point that the application server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "umeed.config.settings")
application = get_wsgi_application()
