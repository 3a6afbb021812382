"""What a process that reads files from strangers may reach: no network, and no files but those it needs.

As far as the kernel allows it to an ordinary user: a network namespace of its own (unshare(2)), and Landlock
(landlock(7)) for files. What the machine does not have is left out; `raise_walls` says what stands. Programs that the
process starts, such as pdftoppm, are behind the same walls.

There is no kept library for either: Python has os.unshare from 3.12 on, and Landlock's bindings are unfinished.
"""

import contextlib
import ctypes
import os
import socket
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ocr.sandbox.framing import Frame

_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000  # CLONE_NEWUSER, CLONE_NEWNET of sched.h
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # one number on all architectures since Linux 5.13
_ASK_VERSION, _PATH_BENEATH, _NO_NEW_PRIVS = 1, 1, 38
# landlock.h: execute, write file, read file, read folder, then all kinds of making and removing; by version of the ABI.
_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_READ = 1 << 0 | 1 << 2 | 1 << 3
_ONE_FILE = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
_MACHINE = (
    "/usr",
    "/lib",
    "/lib64",
    "/lib32",
    "/bin",
    "/sbin",
    "/etc",
    "/proc",
    "/sys",
    "/nix",
    "/dev/urandom",
)
_WRITABLE = ("/dev/null", "/dev/zero")

NETWORK, FILES = "network", "files"
TRIED = "ocr.sandbox.cage:try_walls"  # the service of a child that tries them, for `refpad doctor`


def raise_walls(room: Path, readable: Sequence[Path] | None) -> list[str]:
    """Shut this process in, before it has threads; the walls that stand, of NETWORK and FILES.

    Afterwards it writes only in `room`, and reads only there, in `readable`, and what belongs to the machine and to
    Python. Without `readable` its files stay as they are.
    """
    walls = [NETWORK] if _leave_network() else []
    if readable is not None and _restrict_files(room, readable):
        walls.append(FILES)
    return walls


def try_walls(request: Frame, _fd: int | None) -> Iterator[Frame]:
    """Try to reach a file and a port of this machine; the walls that held, of NETWORK and FILES."""
    held = []
    try:
        socket.create_connection(("127.0.0.1", request.head["port"]), timeout=1.0).close()
    except OSError:
        held.append(NETWORK)
    try:
        Path(request.head["file"]).read_bytes()
    except OSError:
        held.append(FILES)
    yield Frame({"held": held})


def _leave_network() -> bool:
    """Go into a network of one's own that has no device; the user keeps number and rights."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    with contextlib.suppress(OSError):  # user_namespaces(7): without a map one would be "nobody"
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def _restrict_files(room: Path, readable: Iterable[Path]) -> bool:
    system = ctypes.CDLL(None, use_errno=True)
    version = system.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    rights = max(rights for since, rights in _RIGHTS_BY_VERSION.items() if since <= version)
    attributes = ctypes.create_string_buffer(struct.pack("=Q", rights))
    ruleset = system.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(8), 0)
    if ruleset < 0:
        return False
    try:
        for path in (*map(Path, _MACHINE), *_pythons(), *readable):
            _allow(system, ruleset, path, rights & _READ)
        for path in map(Path, _WRITABLE):
            _allow(system, ruleset, path, rights)
        _allow(system, ruleset, room, rights)
        is_final = system.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        return bool(is_final and system.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _pythons() -> list[Path]:
    """Where Python and its packages lie."""
    return [Path(folder) for folder in {sys.prefix, sys.base_prefix, sys.exec_prefix}]


def _allow(system: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    """Allow `rights` at and below `path`; nothing where there is none."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = rights if path.is_dir() else rights & _ONE_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, handle))
        system.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(handle)
