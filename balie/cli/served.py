"""What `balie serve` runs in each of its web processes: the WSGI application, gone when the server is."""

import os

from django.core.wsgi import get_wsgi_application

from balie.worker.process import die_with_parent

die_with_parent(int(os.environ["BALIE_SERVER_PID"]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
application = get_wsgi_application()
