"""By what a hazard was allowed is said in the words of whoever allowed it."""

import pytest

from pipeline.hazard import Hazard, HazardName
from pipeline.tasks.act import Consent

STOP = Hazard(HazardName.STOPS_SERVICE, "local")
EDITED = Hazard(HazardName.DRIFTED, "box:www_1.conf")


@pytest.mark.parametrize(
    ("consent", "hazard", "by"),
    [
        (Consent(allow=("drifted:box:*",)), EDITED, "--allow drifted:box:*"),
        (Consent(implied=("stops-service",)), STOP, "asked for"),
        (
            Consent(allow=("stops-*:local",), implied=("stops-service",)),
            STOP,
            "--allow stops-*:local",
        ),
        (Consent(implied=("stops-service",)), EDITED, "yes, on a terminal"),
    ],
)
def test_a_hazard_was_allowed_by(consent: Consent, hazard: Hazard, by: str) -> None:
    assert consent.by(hazard) == by
