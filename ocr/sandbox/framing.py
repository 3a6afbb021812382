"""Frames between a parent and its child: a JSON head, raw bytes, and on the way down an open file."""

import array
import json
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HEAD_BYTES_MAX = 1 << 22
_LENGTHS = struct.Struct("!QQ")


@dataclass(frozen=True)
class Frame:
    """One message: `head` is JSON, `body` raw bytes such as a page's pixels."""

    head: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | bytearray | memoryview = b""


def write_frame(to: socket.socket, frame: Frame, fd: int | None = None) -> None:
    """Send a frame, with a duplicate of the open file `fd` if given."""
    head = json.dumps(frame.head).encode()
    start = _LENGTHS.pack(len(head), memoryview(frame.body).nbytes) + head
    to.settimeout(None)
    if fd is None:
        to.sendall(start)
    else:
        sent = socket.send_fds(to, [start], [fd])
        to.sendall(start[sent:])
    to.sendall(frame.body)


def read_frame(source: socket.socket, timeout_s: float, body_bytes_max: int) -> Frame:
    """The next frame; raises TimeoutError, EOFError when the other side is gone, ValueError when it is too large."""
    return _finish(source, b"", time.monotonic() + timeout_s, body_bytes_max)


def wait_frame(source: socket.socket) -> tuple[Frame, int | None]:
    """The next frame whenever it comes, and the open file that came with it; raises EOFError at the end."""
    fd_size = array.array("i").itemsize
    source.settimeout(None)
    start, control, _, _ = source.recvmsg(_LENGTHS.size, socket.CMSG_SPACE(fd_size))
    fds = array.array("i")
    for level, kind, data in control:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fd_size])
    if not start:
        raise EOFError
    return _finish(source, start, None, 1 << 40), (fds[0] if fds else None)


def _finish(source: socket.socket, start: bytes, deadline_s: float | None, body_bytes_max: int) -> Frame:
    lengths = start + bytes(_read(source, _LENGTHS.size - len(start), deadline_s))
    head_bytes, body_bytes = _LENGTHS.unpack(lengths)
    if head_bytes > HEAD_BYTES_MAX or body_bytes > body_bytes_max:
        raise ValueError(f"a frame of {head_bytes} + {body_bytes} bytes is above the limit of {body_bytes_max}")
    head = json.loads(bytes(_read(source, head_bytes, deadline_s)))
    if not isinstance(head, dict):
        raise ValueError("a frame's head is no JSON object")
    return Frame(head, _read(source, body_bytes, deadline_s))


def _read(source: socket.socket, size: int, deadline_s: float | None) -> bytearray:
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        if deadline_s is not None:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            source.settimeout(left_s)
        got = source.recv_into(rest)
        if not got:
            raise EOFError
        rest = rest[got:]
    return data
