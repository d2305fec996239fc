"""What mod_wsgi imports in instance @SERVER_NAME@: release @RELEASE_ID@.

Rendered by farmhand from templates/apache/site.wsgi: change the template, not this file.
"""

import os
import sys

# The release belongs to the deployer, and its bytecode was compiled by the deploy.
sys.dont_write_bytecode = True

{% if LIBRARY %}

def add_packages(folder):
    """The release's packages, in the place of those that this Python has for everybody."""
    import site

    # On Windows, Python counts its own folder among them.
    others = {*site.getsitepackages(), site.getusersitepackages()} - {sys.prefix}
    starts = tuple(os.path.normcase(other) for other in others)
    shared = [path for path in sys.path if os.path.normcase(path).startswith(starts)]
    sys.path[:] = [path for path in sys.path if path not in shared]
    # Not by sys.path alone: this carries out .pth files, as those of pywin32 (folders and DLLs).
    site.addsitedir(folder)
{% if SYSTEM_SITE_PACKAGES %}
    sys.path += shared
{% endif %}


add_packages({{ LIBRARY|python }})

{% endif %}
# Before the site is imported, for its settings are read once.
{% for name, value in ENVIRON.items() %}
os.environ[{{ name|python }}] = {{ value|python }}
{% endfor %}
os.environ["FARM_RELEASE"] = "@RELEASE_ID@"
os.environ["FARM_INSTANCE"] = "@SERVER_NAME@"
{% if CACHES %}
os.environ["FARM_CACHES"] = {{ CACHES|join(",")|python }}
os.environ["FARM_CACHE_PREFIX"] = "@CACHE_PREFIX@"
{% endif %}

{% if SECRETS %}

def read_secrets(path, names):
    """Put the site's secrets into the environment. They stand in a file only this account can read."""
    import json

    try:
        with open(path, encoding="utf-8") as file:
            secrets = dict(json.load(file))
    except (OSError, ValueError, TypeError) as error:
        # Not the text of the error: that of a damaged file could hold a piece of a secret.
        reason = getattr(error, "strerror", None) or "it is not a JSON object"
        raise RuntimeError(f"the secrets of this instance cannot be read: {path}: {reason}") from None
    missing = [name for name in names if not isinstance(secrets.get(name), str)]
    if missing:
        raise RuntimeError(f"{path} lacks {', '.join(missing)}: deploy again to write it")
    os.environ.update({name: secrets[name] for name in names})


read_secrets({{ SECRET_FILE|python }}, {{ SECRETS|python }})

{% endif %}
# The release's own folder, never a link to it: a link that moves would mix two releases.
sys.path.insert(0, {{ CODE|python }})

from @WSGI@ import application
