"""Files kept in a bucket of an S3-compatible store, through fsspec: an object has its name when it is whole.

Endpoint and keys are found where Amazon's own programs find them: in the environment (AWS_ACCESS_KEY_ID, ...) or in the
files that AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE name.
"""

import errno
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from schemas.errors import MachineError, MissingPackageError, UsageError
from store import files
from store.crashpoints import crashpoint
from store.files import Copied
from store.kept_files.kept_file import ChangedFileError, KeptFile, Kind, place_within

SCHEME = "s3://"
KEPT_AT = "kept-s"  # an object's own note of its moment, by the clock of whoever kept it
# The store's clock may differ from ours by as much before it refuses our requests (S3: RequestTimeTooSkewed).
CLOCKS_DIFFER_S = 900.0
TRIES = 3  # a store that is down is known in about 2 s instead of 7 to 12: a page waits, and a scan is tried again
CONNECT_S, ANSWER_S = 10, 60  # 100 MB, the largest file by default, come at 2 MB/s; S3 itself gives 50 or more


@dataclass(frozen=True)
class FileInBucket(KeptFile):
    """See KeptFile; `key` is bucket, prefix and name."""

    bucket: "KeptBucket" = field(repr=False)
    key: str

    def keep(self, copied: Copied) -> None:
        """Written, then read again: a store that lost or changed a byte is found before the row is written."""
        note = {KEPT_AT: str(time.time())}
        try:
            with self.bucket.asked():
                self.bucket.system.put_file(str(copied.path), self.key, Metadata=note)
        except FileNotFoundError:
            raise MachineError(
                f"There is no bucket for {self.bucket.address}: make it, or mend REFPAD_FILES."
            ) from None
        crashpoint("bucket.written")
        if self.stored_sha256() != self.sha256:
            raise MachineError(f"The store {self.bucket.address} gives other bytes than were written: use another one.")
        crashpoint("bucket.verified")

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        with self.bucket.asked():
            data = self.bucket.system.cat_file(self.key)
        yield BytesIO(data)

    @contextmanager
    def at_path(self) -> Iterator[Path]:
        """A private copy, gone when the block ends; a killed process's is removed by the next worker here."""
        with files.write_in(self.read_bytes(), self.bucket.incoming) as copied:
            if copied.sha256 != self.sha256:
                raise ChangedFileError(self.sha256)
            yield copied.path

    def kept_s(self) -> float | None:
        try:
            with self.bucket.asked():
                note = self.bucket.system.metadata(self.key, refresh=True).get(KEPT_AT)
                if note is not None:
                    return float(note)
                found = self.bucket.system.info(self.key, refresh=True)  # copied here by another program
            return float(found["LastModified"].timestamp())
        except FileNotFoundError:
            return None

    def remove(self) -> None:
        with self.bucket.asked():
            self.bucket.system.rm_file(self.key)

    def is_open_to_others(self) -> bool:
        return False  # whoever has the keys of the bucket; nobody by this machine's accounts

    def __str__(self) -> str:
        return f"{SCHEME}{self.key}"


@dataclass(frozen=True)
class KeptBucket:
    """See FilePlace. `address` is s3://BUCKET/PREFIX; copies that a program must read as a file lie in `incoming`."""

    address: str
    incoming: Path
    endpoint: str | None = None

    def file(self, kind: Kind, sha256: str) -> FileInBucket:
        return FileInBucket(kind, sha256, self, f"{self._root}/{kind}/{place_within(kind, sha256)}")

    def listed(self, kind: Kind) -> Iterator[tuple[str, float]]:
        root = f"{self._root}/{kind}/"
        with self.asked():
            found = self.system.find(root, detail=True)
        for key, known in sorted(found.items()):
            yield key.removeprefix(root), known["LastModified"].timestamp() + CLOCKS_DIFFER_S

    def try_out(self) -> None:
        """Write an object, read it and remove it, for `refpad doctor`; raises MachineError, or UsageError."""
        data = os.urandom(32)
        trial = FileInBucket("originals", hashlib.sha256(data).hexdigest(), self, f"{self._root}/trial/{data.hex()}")
        with files.write_in(data, files.make_folder(self.incoming)) as copied:
            trial.keep(copied)
        trial.remove()

    def keep_named(self, name: str, data: bytes) -> None:
        """Keep bytes under a name of their own, in the place of others: of what is shared, and not of the record."""
        with self.asked():
            self.system.pipe_file(self._named(name), data)

    def read_named(self, name: str) -> bytes:
        """What was kept under that name last."""
        with self.asked():
            return bytes(self.system.cat_file(self._named(name)))

    def stamp_of_named(self, name: str) -> str | None:
        """What is another when other bytes are kept under that name; None when nothing is."""
        try:
            with self.asked():
                return str(self.system.info(self._named(name), refresh=True)["ETag"])
        except FileNotFoundError:
            return None

    def keeps_versions(self) -> bool:
        """Whether what is removed stays in the bucket all the same, as an older version."""
        with self.asked():
            return bool(self.system.is_bucket_versioned(self._root.partition("/")[0]))

    @cached_property
    def system(self) -> Any:  # noqa: ANN401 - fsspec's classes have no types
        """The client; made when it is needed first: importing it takes a second."""
        import fsspec

        config = {"connect_timeout": CONNECT_S, "read_timeout": ANSWER_S, "retries": {"total_max_attempts": TRIES}}
        try:
            return fsspec.filesystem("s3", endpoint_url=self.endpoint, use_listings_cache=False, config_kwargs=config)
        except ImportError:
            raise MissingPackageError(f"A bucket ({self.address})", "s3fs", "unset REFPAD_FILES") from None

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Around each request. Its client has errors of its own, which quote keys and addresses: only the kind is told.

        Raises FileNotFoundError for a missing object, MachineError for all else.
        """
        try:
            yield
        except FileNotFoundError:
            raise FileNotFoundError(errno.ENOENT, "it is not there") from None
        except UsageError:
            raise
        except Exception as error:  # noqa: BLE001 - of several libraries, none of them ours
            raise MachineError(
                f"The store of files {self.address} does not answer or refuses ({type(error).__name__}): see to its "
                "address, keys and network; `refpad doctor` tries it."
            ) from None

    def _named(self, name: str) -> str:
        return f"{self._root}/shared/{name}"

    @property
    def _root(self) -> str:
        return self.address.removeprefix(SCHEME).strip("/")

    def __str__(self) -> str:
        return self.address
