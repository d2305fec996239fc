"""Where the `hg` command is."""

import shutil
import sysconfig

from pipeline.errors import CheckFailed


def find_hg() -> str:
    """The `hg` that came with this interpreter's virtualenv, or else the first on the PATH."""
    found = shutil.which("hg", path=sysconfig.get_path("scripts")) or shutil.which("hg")
    if found is None:
        raise CheckFailed(
            "the hg command (Mercurial) is not there",
            advice="install it beside farmhand: pip install mercurial",
        )
    return found
