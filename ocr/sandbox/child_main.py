"""What runs inside a child of `ocr.sandbox.process`: limits first, then one request after the other."""

import importlib
import json
import os
import resource
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ocr.sandbox.cage import raise_walls
from ocr.sandbox.framing import Frame, wait_frame, write_frame
from ocr.sandbox.process import hold_lifeline
from schemas.errors import MachineError, SetAsideError, kind_and_place
from schemas.reasons import SetAsideReason as Reason

# Answers one request; the open file, if one came with it, is closed afterwards.
Service = Callable[[Frame, int | None], Iterator[Frame]]


def main(service_name: str, talk_fd: int, pulse_fd: int, memory_bytes: int, readable: list[str] | None) -> None:
    """Serve until the parent closes its end."""
    hold_lifeline(pulse_fd)
    os.umask(0o077)
    raise_walls(Path.cwd(), None if readable is None else [Path(path) for path in readable])
    _limit_memory(memory_bytes)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold a patient's page
    parent = socket.socket(fileno=talk_fd)
    try:
        service = _load(service_name)
    except (ImportError, AttributeError, MachineError) as error:
        write_frame(parent, Frame({"cannot": f"{type(error).__name__}: {error}"}))
        return
    write_frame(parent, Frame({"ready": True}))
    while True:
        try:
            request, fd = wait_frame(parent)
        except EOFError:
            return
        _answer(parent, service, request, fd)


def _limit_memory(memory_bytes: int) -> None:
    """A child of a child cannot have more than its parent has."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    allowed = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def _load(name: str) -> Service:
    module, _, function = name.partition(":")
    loaded: Service = getattr(importlib.import_module(module), function)
    return loaded


def _answer(parent: socket.socket, service: Service, request: Frame, fd: int | None) -> None:
    try:
        for answer in service(request, fd):
            write_frame(parent, answer)
        last: dict[str, Any] = {"done": True}
    except SetAsideError as error:
        last = _set_aside(error.reason, error.message, error.page)
    except MemoryError:
        last = _set_aside(
            Reason.MEMORY, "The work needs more memory than the limit allows; scan at a lower resolution."
        )
    except Exception as error:  # noqa: BLE001 - the child's one entry point: nothing but its name may leave, texts can hold names
        cause = kind_and_place(error)
        last = _set_aside(Reason.INTERNAL_ERROR, f"An unexpected error stopped the work ({cause}); please report it.")
    finally:
        if fd is not None:
            os.close(fd)
    write_frame(parent, Frame(last))


def _set_aside(reason: Reason, message: str, page: int | None = None) -> dict[str, Any]:
    return {"set_aside": reason.value, "message": message, "page": page}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), json.loads(sys.argv[5]))
