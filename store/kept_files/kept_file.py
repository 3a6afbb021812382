"""One kept file, wherever it lies: originals, pictures of slips, and letters never change, and are named by their hash.

What is read is held against that hash, so that no other bytes are ever taken for it.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from schemas.errors import MachineError
from store.files import Copied

Kind = Literal["originals", "pictures", "letters"]
SUFFIXES: dict[Kind, str] = {"originals": "", "pictures": ".png", "letters": ".pdf"}


class ChangedFileError(MachineError):
    """The file is there, and no longer has the bytes it was kept with."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"{sha256} no longer has the bytes it was kept with: run refpad verify.")


def place_within(kind: Kind, sha256: str) -> str:
    """Where a file lies within its kind: in one of 256 shards, so that no folder or listing grows too long."""
    return f"{sha256[:2]}/{sha256}{SUFFIXES[kind]}"


@dataclass(frozen=True)
class KeptFile(ABC):
    """A file by the hash of its bytes; it may not be there."""

    kind: Kind
    sha256: str

    @abstractmethod
    def keep(self, copied: Copied) -> None:
        """Keep a synced copy under this name, whole or not at all; afterwards it lasts.

        A file that is there already has the same bytes, or is damaged.
        """

    @abstractmethod
    def open(self) -> AbstractContextManager[BinaryIO]:
        """Its bytes as they are now; raises OSError when it cannot be read, MachineError when its store is away."""

    @abstractmethod
    def at_path(self) -> AbstractContextManager[Path]:
        """A path at which its bytes can be read while the block runs, once they are held against the hash.

        Raises ChangedFileError, OSError and MachineError as `read_bytes` does.
        """

    @abstractmethod
    def kept_s(self) -> float | None:
        """When it was kept last, in seconds since 1970; None when it is not there."""

    @abstractmethod
    def remove(self) -> None:
        """Have it gone, for good; it is no error when it is not there."""

    @abstractmethod
    def is_open_to_others(self) -> bool:
        """Whether other users of this machine can read it."""

    def exists(self) -> bool:
        """Whether it is there."""
        return self.kept_s() is not None

    def read_bytes(self) -> bytes:
        """Its bytes; raises ChangedFileError when they are others, and as `open` does."""
        with self.open() as source:
            data = source.read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ChangedFileError(self.sha256)
        return data

    def stored_sha256(self) -> str:
        """The hash of the bytes that are there now; raises as `open` does."""
        with self.open() as source:
            return hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """As a value of the record it is this object; in JSON the place where it lies."""
        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema())


class FilePlace(Protocol):
    """Where the files of one record are kept."""

    def file(self, kind: Kind, sha256: str) -> KeptFile:
        """The file with these bytes, whether or not it is there."""
        ...

    def listed(self, kind: Kind) -> Iterator[tuple[str, float]]:
        """Place within its kind, and when it was kept, of every file of a kind that is there.

        The moment is never earlier than it was, so that a file whose row is not committed yet never seems old.
        """
        ...
