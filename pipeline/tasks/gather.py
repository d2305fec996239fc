"""The table of contents: every task that a project's own tasks.py gathers."""

from invoke.collection import Collection

from pipeline.tasks import config, deploy, instances, look, release, schema
from pipeline.tasks.edge import hush_broken_pipes


def namespace() -> Collection:
    """All tasks; those that act on a farm stand at the top, others in groups of their own."""
    hush_broken_pipes()
    root = Collection()
    for module in (deploy, instances, look, release):
        for item in module.TASKS:
            root.add_task(item)
    root.add_collection(Collection("config", *config.TASKS))
    root.add_collection(Collection("schema", *schema.TASKS))
    return root
