"""The anchor: the audit's last line and the key of its chain, kept where no restore of the record reaches.

Two small files in the state folder, named after the installation. Whoever cuts off the end of the audit, empties it, or
puts an older record in its place would have to change them too; whoever rewrites it needs the key.
"""

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.atomic_write import create_private, replace_file, sync, sync_folder
from schemas.errors import MachineError

FIRST = "0" * 64  # the hash that the first line of an audit is chained to, as if it were line 0
KEY_BYTES = 32
_HEAD_BYTES = 512  # one sector: written over the old head in place, whole or not at all


@dataclass(frozen=True)
class Head:
    """A line of the audit and its hash; from line `keyed_from` on, the chain is keyed."""

    line: int
    hash: str
    keyed_from: int


@dataclass(frozen=True)
class Anchor:
    """The anchor of one installation; `key` is the secret of its audit's chain."""

    folder: Path
    installation: str
    key: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Tells keys apart, without telling the key."""
        return key_id(self.key)

    @property
    def key_file(self) -> Path:
        """Where the key is kept."""
        return key_path(self.folder, self.installation)

    @property
    def path(self) -> Path:
        """Where the head is written."""
        return self.folder / f"{self.installation}.anchor"

    def read(self) -> Head | None:
        """The head; None when there is none, or it was not written with this key."""
        try:
            content = json.loads(self.path.read_bytes())
            head = Head(int(content["line"]), str(content["hash"]), int(content["keyed_from"]))
            return head if hmac.compare_digest(str(content["mac"]), self._mac(head)) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def begin(self, head: Head) -> None:
        """Begin anew at a head, which may lie before the one that was."""
        with replace_file(self.path) as file:
            file.write(self._content(head))

    def advance(self, line: int, hashed: str) -> None:
        """Move the head to a later line; harmless when another process has moved it further.

        Not synced to disk: after a power cut it may lag behind the record, which is safe, and each page that somebody
        looks at is a line. What it follows is committed, so that it raises nothing: that the anchor is gone is found by
        the next check, that its disk takes nothing by `refpad doctor`.
        """
        with contextlib.suppress(OSError), self.path.open("r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            now = self.read()
            if now is not None and now.line < line:
                file.write(self._content(Head(line, hashed, now.keyed_from)))

    def _content(self, head: Head) -> bytes:
        return json.dumps({**_fields(head), "mac": self._mac(head)}).encode().ljust(_HEAD_BYTES - 1) + b"\n"

    def _mac(self, head: Head) -> str:
        return mac(self.key, [self.installation, *_fields(head).values()])


def key_id(key: bytes) -> str:
    """Sixteen hex digits that tell a key from others."""
    return hashlib.sha256(b"refpad audit key" + key).hexdigest()[:16]


def mac(key: bytes, content: list[object]) -> str:
    """HMAC-SHA256 (RFC 2104) in hex of a JSON value."""
    return hmac.new(key, json.dumps(content, sort_keys=True).encode(), hashlib.sha256).hexdigest()


def key_path(folder: Path, installation: str) -> Path:
    """Where the key of an installation is kept."""
    return folder / f"{installation}.key"


def make_anchor(folder: Path, installation: str) -> Anchor:
    """An anchor with the key that is kept in `folder`; where there is none, a new one is made and kept first."""
    path = key_path(folder, installation)
    if not path.exists():
        keep_key(path, secrets.token_bytes(KEY_BYTES))
    return Anchor(folder, installation, read_key(path))


def read_key(path: Path) -> bytes:
    """The key kept at `path`; raises MachineError when it is none."""
    try:
        return bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        raise MachineError(f"{path.name} holds no key of the audit: put it back from a backup.") from None


def keep_key(path: Path, key: bytes) -> None:
    """Keep a key at `path`, whole or not at all; harmless when another process has just kept one."""
    temporary = path.with_name(f".{uuid.uuid4().hex}.new")
    try:
        with create_private(temporary) as file:
            file.write(key.hex().encode())
            sync(file)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _fields(head: Head) -> Mapping[str, object]:
    return {"line": head.line, "hash": head.hash, "keyed_from": head.keyed_from}
