"""What to type to have a program depends on the system."""

import pytest

from pipeline.facts.packages import PACKAGES, Family, family_of, how_to_install, install


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n', "debian"),
        ("NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian\n", "debian"),
        ("ID=linuxmint\nID_LIKE=ubuntu\n", "debian"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "redhat"),
        ("ID=fedora\n", "redhat"),
        ('VARIANT_ID=debian\nID=arch\nBUILD_ID="fedora"\n', None),
        ("", None),
    ],
)
def test_a_system_belongs_to_a_family(text: str, family: Family | None) -> None:
    assert family_of(text) == family


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("debian", "apt-get install -y --no-install-recommends apache2-utils"),
        ("redhat", "dnf install -y httpd"),
        ("windows", ""),
        (
            None,
            "apt install apache2-utils (Debian, Ubuntu) or dnf install httpd (Red Hat, Fedora)",
        ),
    ],
)
def test_a_command_for_each_family_and_all_of_them_for_another(
    family: Family | None, words: str
) -> None:
    assert install("rotatelogs", family) == words


@pytest.mark.parametrize("name", PACKAGES)
def test_every_program_has_a_package_on_linux(name: str) -> None:
    assert {"debian", "redhat"} <= PACKAGES[name].keys()
    assert how_to_install(name)
