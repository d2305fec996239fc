"""Settings of the site. What differs between two workers comes from the environment:

DJANGO_SECRET_KEY       required; the same on all workers, or sessions end with each request
HOMEBREW_DATABASE       the SQLite file; for developers site.db beside manage.py
HOMEBREW_HOSTS          names the site answers to, with commas between
HOMEBREW_STATIC_ROOT    where collectstatic puts static files and workers find their manifest
HOMEBREW_ORIGINS        other origins whose forms are taken (https://NAME:PORT), commas between
HOMEBREW_FILES          the folder of private files: in it one for each account, by its number
HOMEBREW_SENDFILE       1: Apache sends those files (mod_xsendfile), not this process
HOMEBREW_DEBUG          1: tracebacks in the browser, and runserver serves static files
HOMEBREW_SLOW           1: /slow exists, to see that a bounce cuts no request; and /seen, which
                        tells what has arrived of a request
FARM_CACHES             memcached servers, commas between; without any, each process has its own
FARM_CACHE_PREFIX       what the keys in them begin with, and
FARM_RELEASE            which release this is, and
FARM_INSTANCE           which worker: shown in the footer, on /about/, /whoami and /health
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

FARM_RELEASE = os.environ.get("FARM_RELEASE", "unreleased")
FARM_INSTANCE = os.environ.get("FARM_INSTANCE", "development")

# No default: a key that stands in the source is a key that everybody has.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "DJANGO_SECRET_KEY is not set. Developers may set it to anything, say 'dev'."
    )

DEBUG = os.environ.get("HOMEBREW_DEBUG") == "1"
SLOW = os.environ.get("HOMEBREW_SLOW") == "1"
ALLOWED_HOSTS = os.environ.get("HOMEBREW_HOSTS", "localhost,127.0.0.1").split(",")

# The balancer writes this header itself and takes it from nobody; without one, anybody could.
if "FARM_INSTANCE" in os.environ:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = list(filter(None, os.environ.get("HOMEBREW_ORIGINS", "").split(",")))

PRIVATE_FILES = os.environ.get("HOMEBREW_FILES", BASE_DIR / "files")
X_SENDFILE = os.environ.get("HOMEBREW_SENDFILE") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "recipes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "homebrew.urls"
WSGI_APPLICATION = "homebrew.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "homebrew.farm.in_every_page",
            ],
        },
    },
]

# Several processes, each with many threads, share one file. WAL lets them read while one writes;
# a writer takes its lock when the transaction begins, for SQLite cannot wait for it later on.
# That is why ATOMIC_REQUESTS stays off: it would make a writer of every reader.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("HOMEBREW_DATABASE", BASE_DIR / "site.db"),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The tables come from the scripts in schema/, so no app has migrations; the test runner, finding
# none, makes its tables from the models.
MIGRATION_MODULES = {"auth": None, "contenttypes": None, "recipes": None}
TEST_RUNNER = "homebrew.runner.Runner"

# The session travels in a signed cookie: workers share the key and nothing else, any of them can
# answer any request, and a page view writes nothing to the database.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"

# Shared by the workers. A cache that is away makes pages slower, and breaks none of them.
CACHE_SERVERS = [server for server in os.environ.get("FARM_CACHES", "").split(",") if server]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
        "LOCATION": CACHE_SERVERS,
        "KEY_PREFIX": os.environ.get("FARM_CACHE_PREFIX", ""),
        "OPTIONS": {"ignore_exc": True, "connect_timeout": 0.5, "timeout": 1},
    }
    if CACHE_SERVERS
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "cellar"
LOGOUT_REDIRECT_URL = "front"

# Names with a hash of the content: while old and new workers run side by side, each page finds
# the style sheet it was written for. Without a static root (developers, tests) names are plain.
STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("HOMEBREW_STATIC_ROOT")
HASHED = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {"staticfiles": {"BACKEND": HASHED if STATIC_ROOT else PLAIN}}

# Django sets the time zone of the whole process: anything but UTC would mix two clocks in the
# logs of Apache.
TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": f"{FARM_INSTANCE} %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Only the root's handler: Django's own would say it twice, or mail it.
    "loggers": {"django": {"handlers": [], "level": "INFO"}},
}
