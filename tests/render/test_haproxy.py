"""The files of a farm behind HAProxy: what stands in them, and what HAProxy says about them."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.farm.instances import Inventory
from pipeline.farm.software import Software
from pipeline.render.files import balancer_pieces, blame, render, static_pieces, trace
from tests.render.made import render_instance

Farm = Callable[..., Inventory]
REPOSITORY = Path(__file__).parents[2]
HAPROXY = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin")
CFG = "/srv/homebrew/balancer/conf/haproxy.cfg"
STATIC = "/srv/homebrew/instances/static/conf/static.conf"
BEHIND = {"kind": "haproxy", "listen": "127.0.0.1", "port": 8090}
COMPLAINT = """\
[NOTICE]   (24861) : haproxy version is 2.6.12-1+deb12u4
[ALERT]    (24861) : config : parsing [{path}:{line}] : unknown keyword 'nonsense'
[ALERT]    (24861) : config : Error(s) found in configuration file : {path}
"""


@pytest.fixture(scope="module")
def all_templates(templates: dict[str, str]) -> dict[str, str]:
    folder = REPOSITORY / "templates" / "haproxy"
    return {**templates, **{path.name: path.read_text("utf-8") for path in folder.iterdir()}}


def words(text: str) -> list[str]:
    """The directives, without comments and indentation."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def cfg(inventory: Inventory, software: Software, templates: dict[str, str]) -> list[str]:
    """The lines of the balancer's configuration."""
    return words(render(balancer_pieces(inventory, software), templates)[CFG])


def test_every_member_is_asked_for_its_health_and_keeps_a_thread_for_that(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    lines = cfg(farm(balancer=BEHIND, site={"threads": 7}), software, all_templates)
    assert [line for line in lines if line.startswith(("server ", "default-server "))] == [
        "default-server check inter 1s fall 2 rise 1 maxconn 6",
        "server www_1 127.0.0.1:9001 cookie www_1",
        "server www_2 127.0.0.1:9002 cookie www_2",
        "server www_3 127.0.0.1:9003 cookie www_3",
        "server static 127.0.0.1:8091",
    ]
    asked = "http-check send meth GET uri '/health' ver HTTP/1.1 hdr Host localhost"
    assert f"{asked} hdr Connection close" in lines


def test_what_a_visitor_says_about_himself_is_removed_before_he_is_described(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    lines = cfg(farm(balancer=BEHIND), software, all_templates)
    removed = {line.split()[-1] for line in lines if line.startswith("http-request del-header")}
    assert removed >= {
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Server",
        "X-Forwarded-Port",
        "X-Real-IP",
        "Forwarded",
        "Proxy",
    }
    assert "http-response del-header X-Sendfile" in lines


def test_only_what_may_happen_twice_is_sent_twice(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    lines = cfg(farm(balancer=BEHIND), software, all_templates)
    assert "retry-on conn-failure empty-response" in lines
    once = "http-request disable-l7-retry unless METH_GET"
    assert lines.count(once) == len([line for line in lines if line.startswith("backend ")])


def test_orders_are_taken_on_the_socket_alone(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    lines = cfg(farm(balancer=BEHIND), software, all_templates)
    socket = '"/srv/homebrew/balancer/run/haproxy.sock"'
    assert [line for line in lines if line.startswith("stats ")] == [
        f"stats socket {socket} mode 600 level admin expose-fd listeners",
        "stats timeout 30s",
    ]
    assert [line for line in lines if line.startswith("bind ")] == ["bind 127.0.0.1:8090"]


def test_what_visitors_send_is_logged_with_its_odd_characters_written_out(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    [shape] = [
        line
        for line in cfg(farm(balancer=BEHIND), software, all_templates)
        if line.startswith("log-format ")
    ]
    assert shape.endswith(' %{+Q}hrl"')
    assert "capture.req.hdr" not in shape  # HAProxy writes that one as it came


def test_a_visitor_stays_with_his_instance_only_when_that_is_wanted(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    free = cfg(farm(balancer=BEHIND), software, all_templates)
    sticky = cfg(farm(balancer={**BEHIND, "sticky": True}), software, all_templates)
    assert [line for line in sticky if line not in free] == [
        "cookie ROUTEID insert indirect nocache httponly attr SameSite=Lax"
    ]


def test_who_is_not_root_changes_no_user(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    root, user = (
        words("\n".join(render(pieces, all_templates).values()))
        for pieces in (
            (*balancer_pieces(each, software), *static_pieces(each, software))
            for each in (
                farm(privileged=True, balancer=BEHIND),
                farm(privileged=False, balancer=BEHIND),
            )
        )
    )
    who = ("user www-data", "group www-data", "User www-data", "Group www-data")
    assert [line for line in root if line.startswith(("user ", "group ", "User ", "Group "))] == [
        *who
    ]
    assert not [line for line in user if line.startswith(("user ", "group ", "User ", "Group "))]


def test_the_static_server_is_reached_on_loopback_and_serves_nothing_else(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    lines = words(render(static_pieces(farm(balancer=BEHIND), software), all_templates)[STATIC])
    assert [line for line in lines if line.startswith("Listen ")] == ["Listen 127.0.0.1:8091"]
    assert 'Alias "/static/" "/srv/homebrew/static/"' in lines
    assert not [line for line in lines if line.startswith("WSGI")]


@pytest.mark.parametrize(("kind", "asked"), [("haproxy", True), ("apache", False)])
def test_rewrites_are_asked_by_the_instances_when_haproxy_cannot(
    farm: Farm, software: Software, all_templates: dict[str, str], kind: str, asked: bool
) -> None:
    templates = {**all_templates, "rewrite.conf": "RewriteEngine On\n"}
    inventory = farm(balancer={"kind": kind, "port": 8090})
    made = render_instance(inventory, inventory.instances[0], "r", "/v", software, templates)
    assert ("RewriteEngine On" in words(made.files[made.conf])) is asked


def test_haproxys_complaint_names_the_line_of_the_template(
    farm: Farm, software: Software, all_templates: dict[str, str]
) -> None:
    broken = all_templates["haproxy.cfg"].replace("    stats timeout 30s\n", "    nonsense\n")
    templates = {**all_templates, "haproxy.cfg": broken}
    pieces = balancer_pieces(farm(balancer=BEHIND), software)
    made = render(pieces, templates)[CFG].splitlines()
    said = COMPLAINT.format(path=CFG, line=made.index("    nonsense") + 1)
    error = blame(said, trace(pieces, templates))
    line = broken.splitlines().index("    nonsense") + 1
    assert str(error) == (f"haproxy.cfg:{line}: unknown keyword 'nonsense'")


@pytest.mark.live
@pytest.mark.skipif(HAPROXY is None, reason="needs HAProxy")
@pytest.mark.parametrize("sticky", [True, False])
def test_haproxy_accepts_the_file(
    farm: Farm,
    software: Software,
    all_templates: dict[str, str],
    tmp_path: Path,
    sticky: bool,
) -> None:
    inventory = farm(privileged=False, root="/srv/x y", balancer={**BEHIND, "sticky": sticky})
    text = render(balancer_pieces(inventory, software), all_templates)
    file = tmp_path / "haproxy.cfg"
    file.write_text(next(iter(text.values())))
    checked = subprocess.run(
        [str(HAPROXY), "-c", "-f", str(file)], capture_output=True, text=True, check=False
    )
    warnings = [line for line in checked.stderr.splitlines() if "[WARNING]" in line]
    assert checked.returncode == 0, checked.stderr
    assert [line for line in warnings if "server state file" not in line] == []
