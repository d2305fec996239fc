"""The prepare stage: what a host must have before anything can be put on it."""

from collections.abc import Iterable, Iterator

from pipeline.facts.host import HostFacts
from pipeline.farm.layout import BALANCER, NO_INSTANCES, Layout, folder_parts, service_folder
from pipeline.hazard import Hazard, HazardName
from pipeline.plan.action import CreateUser, MakeFolders, Remove, RemoveUser
from pipeline.plan.resources import PRESENT, of
from pipeline.plan.step import Stage, Step
from pipeline.plan.wanted import WantedHost

COMMON = ("releases", "venvs", "static", "records", "instances")
PRIVATE = ("secret",)
CERTIFICATE = f"{BALANCER}/secret"  # where a balancer reads it, before it changes user


def wanted_folders(services: Iterable[str]) -> tuple[str, ...]:
    """The folders that a host with these services needs below its root, parents first."""
    services = sorted(services)
    return (*COMMON, *_services(services), *_private(services), CERTIFICATE)


def prepare(wanted: WantedHost, found: HostFacts, layout: Layout) -> Iterator[Step]:
    """Steps for what is missing: the site's user, then folders by mode and owner."""
    name = wanted.name
    if wanted.user and not found.user_exists:
        yield Step(
            id=f"prepare:{name}:user",
            stage=Stage.PREPARE,
            host=name,
            action=CreateUser(name=wanted.user),
            undo=(RemoveUser(name=wanted.user),),
            why=f"the site runs as {wanted.user}, who does not exist",
            resources={of(name, "user", "site"): ("", PRESENT)},
            hazards=(Hazard(HazardName.INSTALLS_SOFTWARE, wanted.user, "a new system user"),),
        )
    services = sorted(wanted.services)
    public = [folder for folder in (*COMMON, *_services(services)) if folder not in found.folders]
    private = [folder for folder in _private(services) if folder not in found.folders]
    if public:
        yield _folders(name, "folders", public, layout, mode=0o755, owner="")
    if private:
        yield _folders(name, "private", private, layout, mode=0o750, owner=wanted.user)
    if BALANCER in wanted.secrets and CERTIFICATE not in found.folders:
        yield _folders(name, "certificate", [CERTIFICATE], layout, mode=0o700, owner="")


def _services(services: list[str]) -> tuple[str, ...]:
    folders: list[str] = []
    for service in services:
        base = service_folder(service)
        folders += [base, *(f"{base}/{part}" for part in folder_parts(service))]
    return tuple(folders)


def _private(services: list[str]) -> tuple[str, ...]:
    instances = [name for name in services if name not in NO_INSTANCES]
    return ("data", *(f"instances/{name}/{part}" for name in instances for part in PRIVATE))


def _folders(
    host: str, what: str, folders: list[str], layout: Layout, *, mode: int, owner: str
) -> Step:
    paths = tuple(layout.path(folder) for folder in folders)
    return Step(
        id=f"prepare:{host}:{what}",
        stage=Stage.PREPARE,
        host=host,
        action=MakeFolders(paths=paths, mode=mode, owner=owner),
        undo=(Remove(paths=tuple(reversed(paths))),),
        why=f"{len(folders)} folder{'s are' if len(folders) > 1 else ' is'} missing",
        resources={of(host, "folder", folder): ("", PRESENT) for folder in folders},
    )
