"""What would run on which platform, and what exists there."""

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.code import Code

# What each platform lacks. Most users work on Windows; Linux is where the tests run.
ONLY_POSIX = """
    crypt fcntl grp nis posix pty pwd resource spwd syslog termios tty
    os.chown os.fchown os.fork os.forkpty os.getegid os.geteuid os.getgid os.getgroups
    os.getloadavg os.getpgid os.getuid os.killpg os.lchown os.mkfifo os.mknod os.nice
    os.openpty os.setegid os.seteuid os.setgid os.setgroups os.setpgid os.setsid os.setuid
    os.statvfs os.sysconf os.uname os.wait3 os.wait4
    signal.SIGCHLD signal.SIGHUP signal.SIGKILL signal.SIGQUIT signal.SIGUSR1 signal.SIGUSR2
    signal.SIGWINCH signal.alarm signal.pause signal.setitimer
"""
ONLY_WINDOWS = "_winapi msvcrt os.startfile winreg winsound"
LACKS = {"win32": frozenset(ONLY_POSIX.split()), "linux": frozenset(ONLY_WINDOWS.split())}


def unguarded(code: Code, module: str) -> Iterator[str]:
    """What a module would use on a platform that lacks it."""
    for platform, lacking in LACKS.items():
        for node in reachable(code.modules[module].tree, platform):
            for name in sorted(lacking.intersection(_names(node))):
                line = getattr(node, "lineno", 0)
                yield (
                    f"{module}:{line} uses {name}, which {platform} has not: "
                    f"put it behind `if sys.platform`, and say what happens there instead"
                )


def reachable(tree: ast.Module, platform: str) -> list[ast.AST]:
    """The nodes that can run on `platform`, by its tests of `sys.platform`."""
    found: list[ast.AST] = []
    _block(tree.body, platform, found)
    return found


def _names(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [module, *(f"{module}.{alias.name}" for alias in names)]
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return [f"{module}.{name}"]
        case _:
            return ()


def _block(statements: Iterable[ast.stmt], platform: str, found: list[ast.AST]) -> bool:
    """Collect a block's nodes; whether its end cannot be reached."""
    return any(_leaves(statement, platform, found) for statement in statements)


def _leaves(statement: ast.stmt, platform: str, found: list[ast.AST]) -> bool:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            _node(test, platform, found)
            truth = _truth(test, platform)
            ends = [_block(body, platform, found)] if truth is not False else []
            ends += [_block(orelse, platform, found)] if truth is not True else []
            return all(ends)
        case ast.Assert(test=test):
            _node(statement, platform, found)
            return _truth(test, platform) is False
        case _:
            _node(statement, platform, found)
            return isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break)


def _node(node: ast.AST, platform: str, found: list[ast.AST]) -> None:
    found.append(node)
    match node:
        case ast.BoolOp(op=op, values=values):
            decides = isinstance(op, ast.Or)  # the value after which the rest is not looked at
            for value in values:
                _node(value, platform, found)
                if _truth(value, platform) is decides:
                    return
        case ast.IfExp(test=test, body=body, orelse=orelse):
            truth = _truth(test, platform)
            for part, skipped in ((test, None), (body, False), (orelse, True)):
                if truth is None or truth is not skipped:
                    _node(part, platform, found)
        case _:
            _parts(node, platform, found)


def _parts(node: ast.AST, platform: str, found: list[ast.AST]) -> None:
    for _, value in ast.iter_fields(node):
        parts = value if isinstance(value, list) else [value]
        _block([part for part in parts if isinstance(part, ast.stmt)], platform, found)
        for part in parts:
            if isinstance(part, ast.AST) and not isinstance(part, ast.stmt):
                _node(part, platform, found)


def _truth(test: ast.expr, platform: str) -> bool | None:
    """What a test says on `platform`; None when that hangs on something else."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _truth(operand, platform)
            return None if inner is None else not inner
        case ast.BoolOp(op=op, values=values):
            known = [_truth(value, platform) for value in values]
            decides = isinstance(op, ast.Or)
            if decides in known:
                return decides
            return None if None in known else not decides
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=str(value))]):
            if _is_platform(left) and isinstance(op, ast.Eq | ast.NotEq):
                return (platform == value) is isinstance(op, ast.Eq)
        case ast.Call(
            func=ast.Attribute(value=subject, attr="startswith"),
            args=[ast.Constant(value=str(value))],
        ):
            return platform.startswith(value) if _is_platform(subject) else None
        case _:
            pass
    return None


def _is_platform(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.platform"
