"""What GRANT, DENY and REVOKE do to the permissions that an object has. Pure."""

from pipeline.schema.model.mssql.shared import Permission

Permissions = tuple[Permission, ...]


def granted(had: Permissions, new: Permission) -> Permissions:
    """Give the permissions after a GRANT or DENY: it takes the place of what was said before."""
    left = revoked(had, new)
    if not new.columns:
        return ordered((*left, new))
    joined, rest = set(new.columns), []
    for each in left:
        if each.columns and each._replace(columns=new.columns) == new:
            joined |= set(each.columns)
        else:
            rest.append(each)
    columns = {name.lower(): name for name in sorted(joined, reverse=True)}
    return ordered((*rest, new._replace(columns=tuple(columns[each] for each in sorted(columns)))))


def revoked(had: Permissions, gone: Permission) -> Permissions:
    """Give the permissions after a REVOKE: of the whole object, or of some columns."""
    found = []
    for each in had:
        if not _same(each, gone) or bool(each.columns) != bool(gone.columns):
            found.append(each)
        elif gone.columns:
            taken = {name.lower() for name in gone.columns}
            columns = tuple(name for name in each.columns if name.lower() not in taken)
            if columns:
                found.append(each._replace(columns=columns))
    return tuple(found)


def without_option(had: Permissions, gone: Permission) -> Permissions:
    """Give the permissions after REVOKE GRANT OPTION FOR: the grant itself stays."""
    found = []
    for each in had:
        with_option = each.state == "GRANT WITH GRANT OPTION" and _same(each, gone)
        found.append(each._replace(state="GRANT") if with_option else each)
    return ordered(tuple(found))


def ordered(permissions: Permissions) -> Permissions:
    """Give permissions in the order in which objects have them."""
    return tuple(sorted(permissions, key=_place))


def _place(each: Permission) -> tuple[str, str, tuple[str, ...], str, str]:
    return each.action, each.grantee.lower(), each.columns, each.state, each.grantor.lower()


def _same(one: Permission, other: Permission) -> bool:
    return one.action == other.action and one.grantee.lower() == other.grantee.lower()
