"""What the children of `test_children` are asked to do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ocr.sandbox.framing import Frame
from ocr.sandbox.process import Child
from schemas.errors import SetAsideError
from schemas.reasons import SetAsideReason

NAME = "tests.ocr.sandbox.child_services:serve"


def serve(request: Frame, fd: int | None) -> Iterator[Frame]:
    """Do what the request's "do" says."""
    if request.head["do"] == "read":
        yield Frame({}, os.read(fd or 0, 1000))
    else:
        yield from DEEDS[request.head["do"]](request)


def _echo(request: Frame) -> Iterator[Frame]:
    yield Frame({"pid": os.getpid()}, request.body)


def _count(request: Frame) -> Iterator[Frame]:
    yield from (Frame({"number": number}) for number in range(request.head["to"]))


def _hang(_: Frame) -> Iterator[Frame]:
    sleeper = subprocess.Popen(["sleep", "300"])
    yield Frame({"pid": os.getpid(), "grandchild": sleeper.pid})
    time.sleep(300)


def _hog(_: Frame) -> Iterator[Frame]:
    yield Frame({}, bytes(1 << 40))


def _crash(_: Frame) -> Iterator[Frame]:
    os.abort()


def _be_killed(_: Frame) -> Iterator[Frame]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield Frame({})


def _set_aside(_: Frame) -> Iterator[Frame]:
    raise SetAsideError(SetAsideReason.DAMAGED, "Page 2 is damaged; scan it again.", 2)


def _stumble(_: Frame) -> Iterator[Frame]:
    raise KeyError("Ana Testcase")


def _talk(_: Frame) -> Iterator[Frame]:
    os.write(1, b"on standard output")
    os.write(2, b"on standard error")
    yield Frame({"environment": dict(os.environ), "folder": str(Path.cwd())})


DEEDS: dict[str, Callable[[Frame], Iterator[Frame]]] = {
    "echo": _echo,
    "count": _count,
    "hang": _hang,
    "hog": _hog,
    "crash": _crash,
    "be killed": _be_killed,
    "set aside": _set_aside,
    "stumble": _stumble,
    "talk": _talk,
}


def main(scratch: str) -> None:
    """A parent that starts a hanging child, tells the pids and waits to be killed."""
    child = Child(NAME, memory_bytes=1 << 30, scratch=Path(scratch))
    child.send(Frame({"do": "hang"}))
    answer = child.receive(60)
    sys.stdout.write(f"{answer.head['pid']} {answer.head['grandchild']}\n" if answer else "\n")
    sys.stdout.flush()
    time.sleep(300)


if __name__ == "__main__":
    main(sys.argv[1])
