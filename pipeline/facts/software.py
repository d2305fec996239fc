"""What a host offers: Apache, mod_wsgi and Pythons; and the choice of those that fit together."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from pipeline.command import Command
from pipeline.errors import CheckFailed
from pipeline.facts.packages import how_to_install
from pipeline.farm.inventory import Host
from pipeline.farm.software import Software

__all__ = ["Offer", "Software", "offer", "software", "software_question"]

# POSIX sh. $1: the site's user; $2 ... $6: pinned Apache, mod_wsgi, Python, HAProxy and memcached,
# or empty.
# Answers in lines KEY=FIELD|FIELD|...: what a field means stands in `_Apache` and so on below.
SCRIPT = r"""
LC_ALL=C; export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"; export PATH
user=$1; pin_apache=$2; pin_wsgi=$3; pin_python=$4; pin_haproxy=$5; pin_memcached=$6
me=$(id -un 2>/dev/null || id -u)
if [ "$(id -u)" != 0 ]; then user=$me
elif [ -z "$user" ] || ! id "$user" >/dev/null 2>&1; then user=nobody; fi
printf 'format=1\nprober=%s\nuser=%s\n' "$me" "$user"

real() { readlink -f "$1" 2>/dev/null || printf '%s\n' "$1"; }

as_user() {
    if [ "$(id -u)" != 0 ] || [ "$user" = "$me" ]; then "$@"
    elif command -v setpriv >/dev/null 2>&1; then
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
    elif command -v runuser >/dev/null 2>&1; then runuser -u "$user" -- "$@"
    else return 126; fi
}

# A pinned path comes first, and as it is: a link may be meant.
pinned_then_real() {
    [ -n "$1" ] && printf '%s\n' "$1"
    while IFS= read -r path; do real "$path"; done
}
once() { awk '!seen[$0]++'; }

# --- Apache: path|version|built-in root|folder of modules
folders=
{ command -v apache2; command -v httpd
  for path in /usr/local/apache2/bin/httpd /opt/*/bin/httpd /opt/rh/*/root/usr/sbin/httpd; do
      [ -x "$path" ] && printf '%s\n' "$path"
  done
} | pinned_then_real "$pin_apache" | once | {
while IFS= read -r path; do
    said=$("$path" -V 2>/dev/null)
    version=$(printf '%s\n' "$said" | sed -n 's|^Server version: Apache/\([0-9.]*\).*|\1|p')
    root=$(printf '%s\n' "$said" | sed -n 's|.*HTTPD_ROOT="\(.*\)".*|\1|p')
    modules=
    for folder in "$root/modules" "${path%/*}/../modules" /usr/lib/apache2/modules \
        /usr/lib64/httpd/modules /usr/lib/httpd/modules /usr/libexec/apache2
    do
        if [ -e "$folder/mod_proxy.so" ]; then modules=$(real "$folder"); break; fi
    done
    printf 'apache=%s|%s|%s|%s\n' "$path" "$version" "$root" "$modules"
    [ -n "$modules" ] && folders="$folders $modules"
done

# --- mod_wsgi: path|soname of libpython|where that is
{ for path in /usr/lib/apache2/modules/mod_wsgi* /usr/lib64/httpd/modules/mod_wsgi* \
      /usr/lib/httpd/modules/mod_wsgi* /usr/local/apache2/modules/mod_wsgi* \
      /opt/*/lib/python3*/site-packages/mod_wsgi/server/mod_wsgi*.so
  do
      [ -f "$path" ] && printf '%s\n' "$path"
  done
  for folder in $folders; do
      for path in "$folder"/mod_wsgi*; do [ -f "$path" ] && printf '%s\n' "$path"; done
  done
} | pinned_then_real "$pin_wsgi" | once | while IFS= read -r path; do
    if [ ! -f "$path" ]; then printf 'mod_wsgi=%s|absent|\n' "$path"; continue; fi
    line=$(ldd "$path" 2>/dev/null | grep libpython | head -n 1)
    soname=$(printf '%s\n' "$line" | sed -n 's|^[[:space:]]*\(libpython[^ ]*\).*|\1|p')
    where=$(printf '%s\n' "$line" | sed -n 's|.*=> \(/[^ ]*\).*|\1|p')
    if [ -z "$soname" ]; then
        soname=$(readelf -d "$path" 2>/dev/null | sed -n 's|.*\[\(libpython[^]]*\)\].*|\1|p')
    fi
    [ -n "$where" ] && where=$(real "$where")
    printf 'mod_wsgi=%s|%s|%s\n' "$path" "$soname" "$where"
done
for folder in $folders; do
    [ -f "$folder/mod_xsendfile.so" ] && printf 'mod_xsendfile=%s\n' "$folder/mod_xsendfile.so"
done
}

# --- what only some farms need: path|version, and paths
for path in "$pin_haproxy" $(command -v haproxy); do
    said=$("$path" -v 2>/dev/null)
    version=$(printf '%s\n' "$said" | sed -n 's|^HAProxy version \([0-9.]*\).*|\1|p')
    printf 'haproxy=%s|%s\n' "$path" "$version"
done
for path in "$pin_memcached" $(command -v memcached); do
    [ -x "$path" ] && printf 'memcached=%s\n' "$path"
done
path=$(command -v rotatelogs) && printf 'rotatelogs=%s\n' "$path"

# --- Python: path|version|base prefix|yes, or why the site's user cannot run it
ask='import sys, json, zlib; print("%d.%d.%d|%s" % (sys.version_info[:3] + (sys.base_prefix,)))'
{ command -v python3
  for path in /usr/bin/python3 /usr/bin/python3.[0-9]* /usr/local/bin/python3 \
      /usr/local/bin/python3.[0-9]* /opt/*/bin/python3 /opt/*/bin/python3.[0-9]*
  do
      case $path in *-config) continue ;; esac
      [ -x "$path" ] && printf '%s\n' "$path"
  done
} | pinned_then_real "$pin_python" | once | while IFS= read -r path; do
    cd / || exit
    if said=$(as_user env -i PATH=/usr/bin:/bin "$path" -I -S -c "$ask" 2>&1); then
        printf 'python=%s|%s|yes\n' "$path" "$said"
    else
        why=$(printf '%s\n' "$said" | tail -n 1 | tr '|' ' ')
        about=$(env -i PATH=/usr/bin:/bin "$path" -I -S -c "$ask" 2>/dev/null) || about='|'
        printf 'python=%s|%s|%s\n' "$path" "$about" "${why:-it fails}"
    fi
done
"""

# libpython3.11.so.1.0, mod_wsgi.so-3.11, mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so
_MINOR = re.compile(r"libpython(\d+\.\d+)|so-(\d+\.\d+)|(?:cpython-|py)(\d)(\d+)")
ABSENT = "absent"
_OTHERS = ("memcached", "rotatelogs", "mod_xsendfile")
_PRIVATE = re.compile(r"/root/|/home/|/Users/")
_INSTALL_PYTHON = (
    f"install one for everybody: {how_to_install('python')}, or any below /opt or /usr/local"
)


def software_question(user: str, pinned: Host | None = None) -> Command:
    """What software does this host have? `user` runs the site there; empty when the asker does.

    What `pinned` names is looked at too, wherever it is.
    """
    pins = [path or "" for path in (_pins(pinned) if pinned else ())]
    return Command(argv=("sh", "-c", SCRIPT, "farmhand", user, *pins), timeout=60.0)


def _pins(host: Host) -> tuple[str | None, ...]:
    memcached = host.memcached.program if host.memcached else None
    return host.apache, host.mod_wsgi, host.python, host.haproxy, memcached


@dataclass(frozen=True, slots=True)
class Apache:
    """An Apache of the host; `modules` is empty when it has no folder of modules with a proxy."""

    path: str
    version: str
    root: str
    modules: str


@dataclass(frozen=True, slots=True)
class ModWsgi:
    """A mod_wsgi: the library of Python that it loads, by name and place, where that is known."""

    path: str
    library: str
    place: str

    @property
    def python(self) -> str:
        """The minor version it was built for; empty when neither library nor name tells."""
        found = _MINOR.search(self.library) or _MINOR.search(self.path.rpartition("/")[2])
        return ".".join(filter(None, found.groups())) if found else ""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python of the host. `refusal` says why the site's user cannot run it; empty if it can."""

    path: str
    version: str
    base: str
    refusal: str

    @property
    def minor(self) -> str:
        """`3.11` of 3.11.2."""
        return ".".join(self.version.split(".")[:2])

    def owns(self, module: ModWsgi) -> bool:
        """Whether the library that `module` loads belongs to this very Python."""
        bases = (self.base, "/lib") if self.base == "/usr" else (self.base,)
        return any(module.place.startswith(f"{base.rstrip('/')}/") for base in bases if base)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All that was found, in the order of the search. `user`: as whom Pythons were tried."""

    user: str
    apaches: tuple[Apache, ...]
    modules: tuple[ModWsgi, ...]
    pythons: tuple[Interpreter, ...]
    haproxies: tuple[tuple[str, str], ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)


def offer(answer: str) -> Offer:
    """Read the answer to `software_question`. Raises CheckFailed when it is none."""
    fields = [line.partition("=")[::2] for line in answer.splitlines() if "=" in line]
    if ("format", "1") not in fields:
        raise CheckFailed("the host's software is not known: the question was not answered")

    def rows(key: str, width: int) -> Iterator[list[str]]:
        for name, value in fields:
            if name == key:
                yield [*value.split("|", width - 1), *[""] * width][:width]

    return Offer(
        user=dict(fields).get("user", "nobody"),
        apaches=tuple(Apache(*row) for row in rows("apache", 4)),
        modules=tuple(ModWsgi(*row) for row in rows("mod_wsgi", 3)),
        pythons=tuple(
            Interpreter(path, version, base, "" if answered == "yes" else answered)
            for path, version, base, answered in rows("python", 4)
        ),
        haproxies=tuple((path, version) for path, version in rows("haproxy", 2)),
        others={key: row[0] for key in _OTHERS for row in reversed(list(rows(key, 1)))},
    )


def software(
    answer: str, *, wanted: Host, name: str = "", needs: Collection[str] = ()
) -> Software:
    """The Apache, mod_wsgi and Python that fit together, and what else there is.

    What the inventory pins is taken or refused, never replaced by another. `name` is the host's,
    for messages; `needs` are fields of Software that may not be empty. Raises CheckFailed with
    what to install or to pin.
    """
    there = offer(answer)
    haproxy, version = _haproxy(there, wanted, name)
    apache = _apache(there, wanted, name)
    modules = _modules(there, wanted, name)
    pythons = _pythons(there, wanted, name)
    pairs = [
        (module, python)
        for module in modules
        for python in pythons
        if not python.refusal and module.python == python.minor
    ]
    if not pairs:
        _refuse_unmatched(modules, pythons, user=there.user, where=name)
    module, python = min(pairs, key=lambda pair: not pair[1].owns(pair[0]))
    chosen = Software(
        apache=apache.path,
        apache_version=apache.version,
        server_root=apache.root,
        modules=apache.modules,
        mod_wsgi=module.path,
        python=python.path,
        python_version=python.minor,
        haproxy=haproxy,
        haproxy_version=version,
        **there.others,
    )
    for need in needs:
        if not getattr(chosen, need):
            raise CheckFailed(f"{need} is not installed", where=name, advice=how_to_install(need))
    return chosen


def _haproxy(there: Offer, wanted: Host, name: str) -> tuple[str, str]:
    found = [row for row in there.haproxies if wanted.haproxy in {None, row[0]} and row[1]]
    if wanted.haproxy and not found:
        _refuse_pin("haproxy", wanted.haproxy, "is no HAProxy that runs", name)
    return found[0] if found else ("", "")


def _apache(there: Offer, wanted: Host, name: str) -> Apache:
    candidates = tuple(each for each in there.apaches if wanted.apache in {None, each.path})
    if wanted.apache and not any(each.version for each in candidates):
        _refuse_pin("apache", wanted.apache, "is no Apache that runs", name)
    for apache in candidates:
        if apache.version.startswith("2.4.") and apache.modules:
            return apache
    if not candidates:
        advice = f"{how_to_install('apache')}; or set hosts.{name or 'NAME'}.apache"
        raise CheckFailed("Apache is not installed", where=name, advice=advice)
    first = candidates[0]
    why = "its modules were not found" if first.version.startswith("2.4.") else "2.4 is needed"
    raise CheckFailed(
        f"{first.path} {first.version or '(no version)'} cannot be used: {why}",
        where=name,
        advice=how_to_install("apache"),
    )


def _modules(there: Offer, wanted: Host, name: str) -> tuple[ModWsgi, ...]:
    present = tuple(
        each
        for each in there.modules
        if wanted.mod_wsgi in {None, each.path} and each.library != ABSENT
    )
    if wanted.mod_wsgi and not present:
        _refuse_pin("mod_wsgi", wanted.mod_wsgi, "is not there", name)
    if not present:
        advice = f"{how_to_install('mod_wsgi')}; or set hosts.{name or 'NAME'}.mod_wsgi"
        raise CheckFailed("mod_wsgi is not installed", where=name, advice=advice)
    return present


def _pythons(there: Offer, wanted: Host, name: str) -> tuple[Interpreter, ...]:
    if not wanted.python:
        return there.pythons
    found = tuple(each for each in there.pythons if each.path == wanted.python)
    if any(not each.refusal for each in found):
        return found
    if _PRIVATE.match(wanted.python):
        why = f"is under a private home folder and cannot be read by {there.user}"
        _refuse_pin("python", wanted.python, why, name, _INSTALL_PYTHON)
    said = found[0].refusal if found else "it is not there"
    _refuse_pin("python", wanted.python, f"cannot be run by {there.user}: {said}", name)


def _refuse_pin(key: str, path: str, why: str, name: str, advice: str = "") -> NoReturn:
    raise CheckFailed(
        f"{path} {why}",
        where=f"hosts.{name or 'NAME'}.{key}",
        advice=advice or "mend the path, or leave it out and let it be found",
    )


def _refuse_unmatched(
    modules: tuple[ModWsgi, ...], pythons: tuple[Interpreter, ...], *, user: str, where: str
) -> NoReturn:
    built = {module.python for module in modules if module.python}
    refused = [python for python in pythons if python.refusal and python.minor in {*built, ""}]
    usable = {python.minor for python in pythons if not python.refusal}
    private = [each for each in refused if _PRIVATE.match(each.path) or _PRIVATE.match(each.base)]
    if private:
        raise CheckFailed(
            f"a Python under a private home folder cannot be read by {user}: {private[0].path}",
            where=where,
            advice=_INSTALL_PYTHON,
        )
    if refused and not usable:
        raise CheckFailed(
            f"{refused[0].path} cannot be run by {user}: {refused[0].refusal}",
            where=where,
            advice=_INSTALL_PYTHON,
        )
    needs = " or ".join(sorted(built)) or "a Python that its name does not tell"
    raise CheckFailed(
        f"mod_wsgi is built for Python {needs}, and {user} can run "
        + (", ".join(sorted(usable)) if usable else "no Python at all"),
        where=where,
        advice=f"install Python {needs}, or a mod_wsgi for one of those: "
        f"{how_to_install('mod_wsgi')}",
    )
