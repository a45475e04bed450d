"""The entry point for a web server: `balie.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
application = get_wsgi_application()
