"""The WSGI entry point that the application server imports."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpiforum.settings")
application = get_wsgi_application()

from django.template.loader import get_template  # noqa: E402  after the settings
from django.urls import resolve  # noqa: E402  as above
from django.utils.translation import override  # noqa: E402  as above

from wpiforum import languages  # noqa: E402  as above
from wpiforum.patience import STATEMENT_SECONDS, Connection  # noqa: E402  as above

# Requests do not wait longer for a database that hangs; commands do.
Connection.limit = STATEMENT_SECONDS

# A new worker opens its port once views, templates and catalogues are loaded: its first readers do not wait for them.
for _code in languages.CODES:
    with override(_code):
        resolve(f"/{_code}/")
get_template("onboarding/emergency.html")
