"""Where things are on a host, in the host's own way of writing paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.farm.layout import Layout

POSIX = Layout(root="/srv/homebrew")
WINDOWS = Layout(root=r"D:\farm", windows=True)


def places(layout: Layout) -> list[str]:
    return [
        layout.releases,
        layout.release("default-ab-1"),
        layout.venv("py3.11-ab"),
        layout.static,
        layout.data,
        layout.records,
        layout.record(7),
        layout.lock,
        layout.secret_key,
        layout.instance("www_1"),
        layout.instance("www_1", "conf", "www_1.conf"),
        layout.balancer(),
        layout.balancer("conf", "balancer.conf"),
    ]


def test_places_on_posix() -> None:
    assert places(POSIX) == [
        "/srv/homebrew/releases",
        "/srv/homebrew/releases/default-ab-1",
        "/srv/homebrew/venvs/py3.11-ab",
        "/srv/homebrew/static",
        "/srv/homebrew/data",
        "/srv/homebrew/records",
        "/srv/homebrew/records/7.json",
        "/srv/homebrew/lock.json",
        "/srv/homebrew/secret.key",
        "/srv/homebrew/instances/www_1",
        "/srv/homebrew/instances/www_1/conf/www_1.conf",
        "/srv/homebrew/balancer",
        "/srv/homebrew/balancer/conf/balancer.conf",
    ]


def test_places_on_windows() -> None:
    assert places(WINDOWS) == [
        r"D:\farm\releases",
        r"D:\farm\releases\default-ab-1",
        r"D:\farm\venvs\py3.11-ab",
        r"D:\farm\static",
        r"D:\farm\data",
        r"D:\farm\records",
        r"D:\farm\records\7.json",
        r"D:\farm\lock.json",
        r"D:\farm\secret.key",
        r"D:\farm\instances\www_1",
        r"D:\farm\instances\www_1\conf\www_1.conf",
        r"D:\farm\balancer",
        r"D:\farm\balancer\conf\balancer.conf",
    ]


@given(
    st.sampled_from([POSIX, WINDOWS]),
    st.lists(st.from_regex(r"[a-z][a-z0-9_.]{0,8}[a-z]", fullmatch=True), min_size=1, max_size=4),
)
def test_a_path_below_the_root_is_told_with_forward_slashes(
    layout: Layout, parts: list[str]
) -> None:
    assert layout.relative(layout.path(*parts)) == "/".join(parts)


def test_windows_finds_the_root_in_any_case_and_with_either_slash() -> None:
    assert WINDOWS.relative("d:/FARM/data/site.db") == "data/site.db"


@pytest.mark.parametrize("layout", [POSIX, WINDOWS])
def test_what_is_not_below_the_root_is_an_error(layout: Layout) -> None:
    with pytest.raises(ValueError, match="is not in the subpath"):
        layout.relative("/etc/passwd")
