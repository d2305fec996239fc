"""Paths of scripts as text: they begin at the top folder, and have `/` on every system."""


def folder_of(path: str) -> str:
    """Give the folder that a path stands in, '' at the top."""
    return path.rpartition("/")[0]


def joined(folder: str, said: str) -> str:
    r"""Give the path that `said`, as `..\x.sql`, means in a folder."""
    said = said.replace("\\", "/")
    parts: list[str] = []
    for part in said.split("/") if said.startswith("/") else f"{folder}/{said}".split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return ("/" if said.startswith("/") else "") + "/".join(parts)
