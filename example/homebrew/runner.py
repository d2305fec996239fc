"""Tests run on what production has: tables as the models say, views and triggers by script."""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from django.test.runner import DiscoverRunner


class Runner(DiscoverRunner):
    """Django's runner; it also runs the scripts for what a model cannot say."""

    def setup_databases(self, **kwargs):
        recipes = apps.get_app_config("recipes")
        post_migrate.connect(run_scripts, sender=recipes)
        try:
            return super().setup_databases(**kwargs)
        finally:
            post_migrate.disconnect(run_scripts, sender=recipes)


def run_scripts(**kwargs):
    """Make the views and triggers, once the tables are there."""
    schema = settings.BASE_DIR / "schema"
    if not schema.is_dir():  # in farmhand's own repository it stands beside the site
        schema = settings.BASE_DIR.parent / "schema"
    with connection.cursor() as cursor:
        for kind in ("views", "triggers"):
            for script in sorted((schema / kind).glob("*.sql")):
                cursor.execute(script.read_text(encoding="utf-8"))
