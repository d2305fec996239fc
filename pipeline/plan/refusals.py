"""What a deploy needs of the world, seen before it is planned, not in the middle of the roll."""

from pipeline.errors import CheckFailed, Unreachable
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER, NO_INSTANCES
from pipeline.plan.wanted import Observed, Wanted, balancer_address


def refuse_what_is_not_safe(wanted: Wanted, observed: Observed) -> None:
    """Raise Unreachable or CheckFailed for the first thing that would hurt."""
    refuse_unreachable(observed)
    refuse_taken_ports(wanted, observed)
    refuse_closed_roots(wanted, observed)
    refuse_deaf_balancer(wanted.inventory, observed)
    refuse_moved_members(wanted, observed)
    refuse_other_content(wanted, observed)
    refuse_other_instances(wanted)
    refuse_other_balancer(wanted)


def refuse_unreachable(observed: Observed) -> None:
    """Nobody plans for a farm that is seen only in part."""
    for host in observed.unreachable:
        raise Unreachable(
            host.because, where=f"host {host.name}", advice="nothing was planned, nothing touched"
        )


def refuse_taken_ports(wanted: Wanted, observed: Observed) -> None:
    """A port on which something else answers is found now, not in the middle of the roll."""
    for name, host in wanted.hosts.items():
        for service, address in host.services.items():
            if observed.host(name).service(service).port_taken:
                raise CheckFailed(
                    f"port {address.port}, meant for {service}, is in use by something else",
                    where=f"host {name}",
                    advice="stop what listens there, or choose another port "
                    f"(hosts.{name}.instances.first_port, balancer.port, balancer.manager_port)",
                )


def refuse_closed_roots(wanted: Wanted, observed: Observed) -> None:
    """Where the site's user cannot go, no worker would start; that shows now, not in the roll."""
    for name, host in wanted.hosts.items():
        if closed := observed.host(name).closed:
            raise CheckFailed(
                f"{host.user}, as whom the site runs, may not enter {closed}",
                where=f"host {name}",
                advice=f"choose another root, or let them pass: chmod o+x {closed}",
            )


def refuse_deaf_balancer(inventory: Inventory, observed: Observed) -> None:
    """A balancer that serves and takes no orders would go on sending people to who is bounced."""
    address = balancer_address(inventory)
    runs = observed.host(inventory.balancer_host).service(BALANCER).running
    if address is not None and runs and not observed.balancer.reachable:
        raise CheckFailed(
            f"the balancer runs, and takes no orders: {observed.balancer.because}",
            where=f"host {inventory.balancer_host}, {address.manager}",
            advice="see balancer/log/error.log; after a change of balancer.manager_port, put the "
            "old one back, or stop and start the farm",
        )


def refuse_moved_members(wanted: Wanted, observed: Observed) -> None:
    """A running member cannot change its port without a gap, since the balancer is told last."""
    for instance in wanted.inventory.instances:
        member = observed.balancer.members.get(instance.name)
        running = observed.host(instance.host).service(instance.name).running
        if member and running and member.url != instance.url:
            raise CheckFailed(
                f"{instance.name} would move from {member.url} to {instance.url} while it serves",
                where=f"host {instance.host}",
                advice="give the new ports new names (hosts.*.instances.name): the new instances "
                "are then started before the old ones go",
            )


def refuse_other_content(wanted: Wanted, observed: Observed) -> None:
    """Files in use are never overwritten: one name stands for one content on a host, for ever."""
    release = wanted.release
    for name in wanted.hosts:
        if observed.host(name).releases.get(release.id, release.digest) != release.digest:
            raise CheckFailed(
                f"another content is there as {release.id}",
                where=f"host {name}",
                advice="somebody built it elsewhere: deploy from there, or deploy a new changeset",
            )


def refuse_other_instances(wanted: Wanted) -> None:
    """A rollback brings back files as they were: each instance of now must have some, and back."""
    for name, host in wanted.hosts.items():
        now = {instance.name for instance in wanted.inventory.on(name)}
        folders = {path.split("/")[1] for path in host.files if path.startswith("instances/")}
        then = folders - NO_INSTANCES
        if now != then:
            raise CheckFailed(
                f"{wanted.release.id} ran as {', '.join(sorted(then)) or 'nothing'}; "
                f"the inventory now has {', '.join(sorted(now))}",
                where=f"host {name}",
                advice="deploy it anew, on the instances of now: "
                f"invoke deploy --rev {wanted.release.changeset.short}",
            )


def refuse_other_balancer(wanted: Wanted) -> None:
    """A rollback has no configuration for a balancer of another kind than it ran behind."""
    for name, host in wanted.hosts.items():
        service = host.services.get(BALANCER)
        if service is None:
            continue
        if wanted.inventory.layout(name).relative(service.config) not in host.files:
            raise CheckFailed(
                f"{wanted.release.id} ran behind another kind of balancer",
                where=f"host {name}",
                advice="deploy it anew, behind the balancer of now: "
                f"invoke deploy --rev {wanted.release.changeset.short}",
            )
