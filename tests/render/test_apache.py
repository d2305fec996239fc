"""The files of a farm: what stands in them, and what is refused."""

import ast
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.errors import BadInventory, BadTemplate
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import Layout
from pipeline.farm.software import Software
from pipeline.render.engine import Line
from pipeline.render.files import blame
from pipeline.render.values import instance_values
from tests.render.made import (
    render_balancer,
    render_instance,
    trace_balancer,
    trace_instance,
)

Farm = Callable[..., Inventory]
Templates = dict[str, str]
RELEASE, VENV = "default-0123456789ab-1", "/srv/homebrew/venvs/k"


def words(text: str) -> list[str]:
    """The directives, without comments and indentation."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def test_an_instance_has_a_config_and_a_wsgi_file(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm()
    made = render_instance(inventory, inventory.instances[1], RELEASE, VENV, software, templates)
    assert made.conf == "/srv/homebrew/instances/www_2/conf/www_2.conf"
    assert made.wsgi == "/srv/homebrew/instances/www_2/wsgi/www_2.wsgi"
    assert set(made.files) == {made.conf, made.wsgi}
    conf = words(made.files[made.conf])
    for line in (
        "Listen 127.0.0.1:9002",
        'PidFile "/srv/homebrew/instances/www_2/run/httpd.pid"',
        'WSGIPythonHome "/srv/homebrew/venvs/k"',
        f'WSGIScriptAlias "/" "{made.wsgi}"',
        "WSGIScriptReloading Off",
        "MaxConnectionsPerChild 0",
        "ThreadsPerChild 15",
        "User www-data",
        "RemoteIPInternalProxy 127.0.0.1",
    ):
        assert line in conf


def test_who_is_not_root_changes_no_user(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(privileged=False)
    texts = {
        **render_balancer(inventory, software, templates),
        **render_instance(
            inventory, inventory.instances[0], RELEASE, VENV, software, templates
        ).files,
    }
    lines = [line for text in texts.values() for line in words(text)]
    assert not [line for line in lines if line.startswith(("User ", "Group "))]


def test_a_release_changes_the_wsgi_file_and_nothing_else(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm()
    old, new = (
        render_instance(inventory, inventory.instances[0], release, VENV, software, templates)
        for release in ("default-a-1", "default-b-1")
    )
    assert old.files[old.conf] == new.files[new.conf]
    assert old.files[old.wsgi] != new.files[new.wsgi]


def test_the_sites_environment_arrives_as_it_is(
    farm: Farm, software: Software, templates: Templates
) -> None:
    odd = 'it\'s "odd" {root}/x {release} {instance} {other} \\ \n {{ROOT}} @ROOT@'
    inventory = farm(site={"environ": {"ODD": odd}, "secrets": {"KEY": "env:KEY"}})
    made = render_instance(inventory, inventory.instances[0], RELEASE, VENV, software, templates)
    tree = ast.parse(made.files[made.wsgi])
    values = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "os.environ['ODD']"
    ]
    expected = odd.replace("{root}", "/srv/homebrew").replace("{release}", RELEASE)
    assert values == [expected.replace("{instance}", "www_1")]


def test_a_placeholder_in_a_placeholders_value_stays(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(root="/srv/{instance}", site={"environ": {"A": "{root}"}})
    values = instance_values(inventory, inventory.instances[0], RELEASE, VENV, software)
    assert values["ENVIRON"].value == {"A": "/srv/{instance}"}


def test_a_site_without_secrets_reads_no_file(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm()
    made = render_instance(inventory, inventory.instances[0], RELEASE, VENV, software, templates)
    assert "site.json" not in made.files[made.wsgi]


def test_the_balancer_knows_every_instance(
    farm: Farm, software: Software, templates: Templates
) -> None:
    made = render_balancer(farm(), software, templates)
    assert list(made) == ["/srv/homebrew/balancer/conf/balancer.conf"]
    lines = words(made["/srv/homebrew/balancer/conf/balancer.conf"])
    members = [line.split()[1:3] for line in lines if line.startswith("BalancerMember")]
    assert members == [
        ['"http://127.0.0.1:9001"', "route=www_1"],
        ['"http://127.0.0.1:9002"', "route=www_2"],
        ['"http://127.0.0.1:9003"', "route=www_3"],
    ]
    assert "Listen 127.0.0.1:8081" in lines
    assert 'ProxyPass "/static/" "!"' in lines
    assert lines.index('ProxyPass "/static/" "!"') < lines.index(
        'ProxyPass "/" "balancer://homebrew/"'
    )
    assert not [line for line in lines if "ROUTEID" in line]


def test_sticky_visitors_get_a_cookie(
    farm: Farm, software: Software, templates: Templates
) -> None:
    sticky = farm(balancer={"kind": "apache", "sticky": True})
    text = next(iter(render_balancer(sticky, software, templates).values()))
    assert "ProxySet stickysession=ROUTEID nofailover=Off" in words(text)


def test_no_balancer_no_files(farm: Farm, software: Software, templates: Templates) -> None:
    assert render_balancer(farm(balancer={"kind": "none"}), software, templates) == {}


def test_no_line_of_a_rendered_file_holds_a_token(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm()
    made = render_instance(inventory, inventory.instances[0], RELEASE, VENV, software, templates)
    for text in (*made.files.values(), *render_balancer(inventory, software, templates).values()):
        assert "@" not in text
        assert text.endswith("\n")
        assert "\n\n\n\n" not in text


def test_another_root_moves_everything_but_the_virtualenv(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm()
    made = render_instance(
        inventory, inventory.instances[0], RELEASE, VENV, software, templates, root="/tmp/x"
    )
    texts = {**made.files, **render_balancer(inventory, software, templates, root="/tmp/x")}
    assert all(path.startswith("/tmp/x/") for path in texts)
    left = [line for text in texts.values() for line in words(text) if "/srv/homebrew" in line]
    assert left == [f'WSGIPythonHome "{VENV}"']


def test_a_missing_template_is_named(farm: Farm, software: Software) -> None:
    with pytest.raises(BadTemplate) as caught:
        render_balancer(farm(), software, {"worker.conf": ""})
    assert caught.value.lines() == (
        "there is no template balancer.conf",
        "  -> the folders of templates (farm.toml: templates) hold worker.conf",
    )


def test_variables_reach_templates_and_replace_defaults(farm: Farm, software: Software) -> None:
    inventory = farm(variables={"BANNER": "Hello", "MEMBER_TIMEOUT": 20})
    made = render_balancer(inventory, software, {"balancer.conf": "@BANNER@ @MEMBER_TIMEOUT@"})
    assert list(made.values()) == ["Hello 20"]


def test_a_variable_may_not_hide_what_is_worked_out(farm: Farm, software: Software) -> None:
    with pytest.raises(BadInventory) as caught:
        render_balancer(farm(variables={"PORT": 1}), software, {"balancer.conf": ""})
    assert caught.value.lines() == (
        "environments/local.toml: variables.PORT: variable PORT would hide the value that "
        "farmhand works out",
        "  -> give it another name; PORT comes from balancer.port",
    )


def test_a_wsgi_file_that_is_no_python_is_refused_before_any_host_gets_it(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(site={"environ": {"A": "1", "B": "2", "C": "3"}})
    broken = {**templates, "site.wsgi": templates["site.wsgi"] + "\nif True\n    pass\n"}
    number = broken["site.wsgi"].split("\n").index("if True") + 1
    with pytest.raises(BadTemplate) as caught:
        render_instance(inventory, inventory.instances[0], RELEASE, VENV, software, broken)
    assert str(caught.value) == f"site.wsgi:{number}: gives no Python: expected ':'"


def test_what_apache_says_is_told_in_terms_of_the_template() -> None:
    traces = {"/tmp/x/a.conf": (Line("worker.conf", 1), Line("static.conf", 7))}
    said = "AH00526: Syntax error on line 2 of /tmp/x/a.conf:\nInvalid command 'Foo'\n"
    error = blame(said, traces)
    assert error.lines() == (
        "static.conf:7: Invalid command 'Foo'",
        "  -> it gives line 2 of a.conf",
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "httpd: Syntax error on line 1 of /a.conf: Cannot load x.so into server: no such file",
            "worker.conf:1: Cannot load x.so into server: no such file",
        ),
        ("AH00526: Syntax error on line 9 of /a.conf:\nwhy\n", "a.conf:9: why"),
        ("AH00526: Syntax error on line 3 of /etc/b.conf:\nwhy\n", "b.conf:3: why"),
        (
            "AH00013: Pre-configuration failed\n",
            "it is refused: AH00013: Pre-configuration failed",
        ),
        ("", "it is refused: without a word"),
    ],
)
def test_other_things_that_apache_says(said: str, told: str) -> None:
    assert str(blame(said, {"/a.conf": (Line("worker.conf", 1),)})) == told


def test_every_line_of_the_templates_can_be_traced(
    farm: Farm, software: Software, templates: Templates
) -> None:
    inventory = farm(
        site={"secrets": {"KEY": "env:KEY"}}, balancer={"kind": "apache", "sticky": True}
    )
    instance = inventory.instances[0]
    texts = {
        **render_balancer(inventory, software, templates),
        **render_instance(inventory, instance, RELEASE, VENV, software, templates).files,
    }
    traces = {
        **trace_balancer(inventory, software, templates),
        **trace_instance(inventory, instance, RELEASE, VENV, software, templates),
    }
    for path, text in texts.items():
        for line, origin in zip(text.split("\n"), traces[path], strict=True):
            written = templates[origin.file].split("\n")[origin.number - 1]
            if "@" not in written and "{" not in written:
                assert line == written


def test_where_things_are() -> None:
    paths = Layout(root="/srv/x").service_paths("www_1", "httpd")
    assert paths.pid_file == "/srv/x/instances/www_1/run/httpd.pid"
    assert paths.folders == tuple(
        f"/srv/x/instances/www_1/{kind}" for kind in ("conf", "wsgi", "log", "run", "secret")
    )
    windows = Layout(root="D:\\farm", windows=True).service_paths("balancer", "httpd")
    assert windows.error_log == "D:\\farm\\balancer\\log\\error.log"
    assert windows.log == "D:\\farm\\balancer\\log"


def test_folders_of_private_files_are_written_as_apache_wants_them(
    farm: Callable[..., Inventory], software: Software
) -> None:
    folders = ["{root}/data/files", "D:\\files\\", r"\\server\share", "/srv/shared"]
    values = instance_values(
        farm(
            site={"sendfile": folders},
            root="E:\\farm",
            hosts={
                "box": {
                    "transport": "psexec",
                    "platform": "windows",
                    "python_version": "3.11",
                    "instances": {"count": 1},
                }
            },
        ),
        farm().instances[0],
        "default-0123456789ab-1",
        "E:\\venv",
        software,
    )
    assert values["SENDFILE"].value == [
        "E:/farm/data/files",
        "D:/files",
        "//server/share/",
        "/srv/shared",
    ]


def test_a_rewrite_is_one_rule_and_asked_where_visitors_are_answered(
    farm: Callable[..., Inventory], software: Software, templates: dict[str, str]
) -> None:
    rules = [
        {"path": r"^/old/(\d+)\.html$", "to": "/new/$1?a=b", "code": 308},
        {"path": "^/me$", "to": "/whoami", "code": 0},
    ]
    written = [
        r'RewriteRule "^/old/(\d+)\.html$" "/new/$1?a=b" [R=308,L]',
        'RewriteRule "^/me$" "/whoami" [PT]',
    ]
    for kind in ("apache", "haproxy"):
        inventory = farm(balancer={"kind": kind, "rewrites": rules})
        front = "".join(render_balancer(inventory, software, templates).values())
        made = render_instance(inventory, inventory.instances[0], "r", "/v", software, templates)
        asked = {"apache": front, "haproxy": made.files[made.conf]}
        for name, text in asked.items():
            found = [line.strip() for line in text.splitlines() if "RewriteRule" in line]
            rules_there = [line for line in found if not line.startswith("#")]
            assert rules_there == (written if name == kind else [])


@pytest.mark.parametrize(
    ("logs", "words"),
    [
        ({"rotate_size": 10}, "10M"),
        ({"rotate_after": 86400, "keep": 3}, "86400"),
        ({"rotate_size": 1, "rotate_after": 3600}, "3600 1M"),
    ],
)
def test_every_log_is_rotated_or_none(
    farm: Callable[..., Inventory],
    software: Software,
    templates: dict[str, str],
    logs: dict[str, int],
    words: str,
) -> None:
    there = replace(software, rotatelogs="/usr/bin/rotatelogs")

    def targets(inventory: Inventory) -> list[str]:
        made = render_instance(inventory, inventory.instances[0], "r", "/v", there, templates)
        text = "\n".join(
            [*render_balancer(inventory, there, templates).values(), made.files[made.conf]]
        )
        lines = [line.strip() for line in text.splitlines()]
        return [
            line.split(" ", 1)[1].removesuffix(" farm")
            for line in lines
            if line.startswith(("ErrorLog", "CustomLog")) and "NOTHING" not in line
        ]

    root, kept = "/srv/homebrew", logs.get("keep", 5)
    files = [
        f"{root}/balancer/log/error.log",
        f"{root}/balancer/log/access.log",
        f"{root}/balancer/log/manager.log",
        f"{root}/instances/www_1/log/error.log",
    ]
    assert targets(farm()) == [f'"{file}"' for file in files]
    assert targets(farm(logs=logs)) == [
        rf'"|\"/usr/bin/rotatelogs\" -n {kept} \"{file}\" {words}"' for file in files
    ]
