"""What mod_wsgi imports. Whoever imports it has filled the environment (see settings) before."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homebrew.settings")
application = get_wsgi_application()
