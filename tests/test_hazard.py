"""A hazard is allowed by its name and its object, either of them with globs."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.hazard import Allowed, Hazard, HazardName

DROP = Hazard(HazardName.DROPS_OBJECT, "dbo.old_recipes", "no script makes it")
EDITED = Hazard(HazardName.DRIFTED, "box:instances/www_1/conf/www_1.conf", "edited by hand")
STOP = Hazard(HazardName.STOPS_SERVICE, "local", "all 3 instances are out")
HAZARDS = st.builds(Hazard, st.sampled_from(HazardName), st.text(), st.text())


@pytest.mark.parametrize(
    ("hazard", "pattern", "covered"),
    [
        (DROP, "drops-object:dbo.old_recipes", True),
        (DROP, "drops-object:dbo.*", True),
        (DROP, "drops-object:*", True),
        (DROP, "drops-object", True),
        (DROP, "drops-*:dbo.old_*", True),
        (DROP, "drops-object:dbo.recipes", False),
        (DROP, "drops-object:old_recipes", False),
        (DROP, "drops-object:DBO.*", False),
        (DROP, "drops-object:", False),
        (DROP, "loses-data:dbo.*", False),
        (DROP, "drops", False),
        (DROP, "", False),
        (EDITED, "drifted:box:instances/www_1/conf/www_1.conf", True),
        (EDITED, "drifted:box:*", True),
        (EDITED, "drifted:*/www_1.conf", True),
        (EDITED, "drifted:bag:*", False),
        (STOP, "stops-service:local", True),
        (STOP, "stops-service:prod", False),
    ],
)
def test_a_pattern_covers_a_hazard(hazard: Hazard, pattern: str, covered: bool) -> None:
    assert Allowed((pattern,)).covers(hazard) is covered


def test_the_first_pattern_that_allows_a_hazard_is_named() -> None:
    allowed = Allowed(("drops-object:other", "drops-*:dbo.*", "drops-object:dbo.old_recipes"))
    assert allowed.by(DROP) == "drops-*:dbo.*"
    assert allowed.by(EDITED) == ""


@given(HAZARDS)
@example(Hazard(HazardName.DROPS_OBJECT, "[dbo].[old recipes]"))
def test_a_hazard_as_it_is_shown_allows_itself(hazard: Hazard) -> None:
    assert Allowed((str(hazard),)).covers(hazard)


@given(HAZARDS)
def test_nothing_is_allowed_by_nothing(hazard: Hazard) -> None:
    assert Allowed().refuses([hazard]) == (hazard,)


def test_what_is_not_covered_is_refused_sorted_and_once() -> None:
    allowed = Allowed(("stops-service:local", "drops-object:dbo.new_*"))
    assert allowed.refuses([DROP, STOP, EDITED, DROP]) == (EDITED, DROP)
