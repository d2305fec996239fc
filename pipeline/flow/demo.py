"""What the local environment has on first use: a repository made from example/, and a secret."""

import os
import secrets
from collections.abc import Callable

from pipeline.secret import SecretRef
from pipeline.settings import Settings
from pipeline.source.demo import ensure_demo

Say = Callable[[str], None]

DEMO_REPO = ".farm/demo-hg"


def ensure_demo_parts(settings: Settings, say: Say) -> None:
    """Make what the demo lacks. A project with a repository of its own has nothing made here."""
    if settings.inventory.farm.source.repo != DEMO_REPO:
        return
    if ensure_demo(settings.project, settings.project / DEMO_REPO):
        say(f"{DEMO_REPO}: committed what example/, schema/ and templates/ hold now")
    for reference in settings.inventory.environment.site.secrets.values():
        if made_on_first_use(settings, reference):
            _ensure_secret(settings, reference)


def made_on_first_use(settings: Settings, reference: SecretRef) -> bool:
    """Whether a secret is the demo's own."""
    here = reference.kind == "file" and reference.rest.startswith(".farm/")
    return here and settings.inventory.farm.source.repo == DEMO_REPO


def _ensure_secret(settings: Settings, reference: SecretRef) -> None:
    """A random word that stays on this machine, readable by its owner alone."""
    path = settings.project / reference.rest
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}")
    making.touch(mode=0o600)
    making.write_text(secrets.token_urlsafe(50), encoding="ascii")
    making.replace(path)
