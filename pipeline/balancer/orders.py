"""What can be asked of a balancer, of whatever kind."""

from typing import Protocol, assert_never

from pipeline.balancer.apache import ApacheBalancer
from pipeline.balancer.haproxy import HaproxyBalancer
from pipeline.facts.answer import BalancerState, MemberState
from pipeline.facts.question import BalancerAddress


class Balancer(Protocol):
    """One balancer. Members are named by route: `www_1`.

    An order is read back before it counts. Orders raise `Unreachable` when nobody answers, and
    `Failed` when the balancer knows no such member or does not obey.
    """

    def state(self) -> BalancerState:
        """The members and what is done with each; that nobody answers is an answer too."""

    def drain(self, member: str, *, timeout: float, baseline: int = 0) -> MemberState:
        """Send nobody there any more, and wait for what is in flight; gives what was last seen.

        Waits at most `timeout` seconds, or less where the count cannot be trusted, until no more
        than `baseline` requests are in flight. What is left is for the service's stop to finish.
        """

    def undrain(self, member: str, *, timeout: float) -> MemberState:
        """Send requests there again, and wait at most `timeout` seconds until it is usable.

        The member may be unusable still: whoever goes on must look.
        """


def balancer_for(address: BalancerAddress) -> Balancer:
    """The balancer at an address."""
    match address.kind:
        case "apache":
            return ApacheBalancer(address)
        case "haproxy":
            return HaproxyBalancer(address)
        case _:
            assert_never(address.kind)
