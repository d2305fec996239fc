"""The certificate with which the balancer speaks HTTPS: made, read, and judged in time.

Only who needs cryptography waits for its import: many tasks of many farms do not.
"""

import os
from pathlib import Path

from pipeline.errors import CheckFailed
from pipeline.farm.inventory import SELF_SIGNED
from pipeline.flow.world import World, utc
from pipeline.observe.certificate import RENEWED, Certificate
from pipeline.observe.hosts import resolved, secret_text
from pipeline.transport.http import certificate_of


def pem(world: World) -> bytes:
    """What `tls.pem` should say; a self-signed certificate is made when it is needed.

    Raises CheckFailed for a reference that leads nowhere.
    """
    if _is_made_here(world):
        _make(world)
    return secret_text(resolved(world.inventory.certificate, world.resolve), "pem")


def notes(world: World) -> tuple[str, ...]:
    """What people should know of the certificate. Raises CheckFailed when it cannot be used."""
    if world.inventory.tls is None:
        return ()
    where = str(world.inventory.certificate["certificate"])
    found, now = _read(world, pem(world)), utc()
    if refusal := found.refusal(now):
        raise CheckFailed(
            f"the certificate {refusal}",
            where=where,
            advice="put a new one there, with those that link it to a root",
        )
    return tuple(f"{told} ({where})" for told in found.warnings(_site(world), now))


def shown(world: World) -> Certificate | None:
    """The certificate that the balancer shows to visitors now; None when nobody answers."""
    if world.inventory.tls is None:
        return None
    from pipeline.observe.pem import read_der

    der = certificate_of(world.inventory.through_balancer("/"), name=_site(world))
    return read_der(der) if der else None


def any_pem(world: World) -> bytes:
    """A new certificate with its key: to check a configuration, the real one is not needed."""
    from pipeline.observe.pem import self_signed

    return self_signed(names(world), utc())


def names(world: World) -> tuple[str, ...]:
    """Whom a certificate that is made here is for."""
    return tuple(dict.fromkeys((_site(world), "localhost", "127.0.0.1")))


def _site(world: World) -> str:
    return world.inventory.environment.site.server_name


def _read(world: World, content: bytes) -> Certificate:
    from pipeline.observe.pem import read_pem

    references = [*map(str, world.inventory.certificate.values())]
    return read_pem(content, references[0], references[-1])


def _is_made_here(world: World) -> bool:
    tls = world.inventory.tls
    return tls is not None and tls.certificate == SELF_SIGNED


def _make(world: World) -> None:
    """Make a self-signed certificate, unless there is one for these names that lasts."""
    reference = world.inventory.certificate["certificate"]
    path = world.settings.project / reference.rest
    if path.exists() and _lasts(world, path):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}")
    making.touch(mode=0o600)
    making.write_bytes(any_pem(world))
    making.replace(path)
    world.say(
        f"{reference.rest}: a certificate for {', '.join(names(world))}, signed by nobody else"
    )


def _lasts(world: World, path: Path) -> bool:
    """Whether a certificate that was made here need not be made anew."""
    try:
        found = _read(world, path.read_bytes())
    except CheckFailed:
        return False
    return found.until - utc() > RENEWED and set(found.names) == set(names(world))
