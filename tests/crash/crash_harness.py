"""Living an inbox's life with the plug pulled, and judging what is left."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import sqlalchemy as sa

from store import files, verify
from store.database import Store
from store.intake.ledger.files import ledger
from store.tables import audit, correction, file, follow_up, occurrence, outbox, page, referral, slip
from tests.crash.crash_life import PASSED, URL, opened

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "nowhere"

Facts = dict[str, list[tuple[Any, ...]]]


@dataclass
class Server:
    """The forking server: one life costs milliseconds."""

    process: subprocess.Popen[str]

    def live(self, folder: Path, crash_at: str = NOWHERE, life: str = "live", processes: int = 1) -> list[int]:
        """Live in `folder`, which has an inbox/; the exit status of each process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {"folder": str(folder), "crash_at": crash_at, "life": life, "processes": processes}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answered: list[int] = json.loads(self.process.stdout.readline())
        return answered


@contextmanager
def serving() -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.crash.crash_server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Server(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


def drop(folder: Path, dropped: dict[str, bytes], store: Path | None = None, url: str | None = None) -> Path:
    """A new folder for a life, with the files in its inbox.

    It gets a copy of `store` if it is not to make its own, and keeps its record at `url` if not in SQLite.
    """
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    if store is not None:
        shutil.copytree(store, folder / "store")
    if url is not None:
        (folder / URL).write_text(url)
    for name, content in dropped.items():
        (inbox / name).write_bytes(content)
    return folder


def points_passed(folder: Path) -> list[str]:
    """Every crash point an undisturbed life passed, once for each pass: "name:1", "name:2", ..."""
    counted: dict[str, int] = json.loads((folder / PASSED).read_text())
    return [f"{name}:{nth}" for name, times in counted.items() for nth in range(1, times + 1)]


def first_and_last(points: list[str]) -> list[str]:
    """Of "lease.ended:1" to "lease.ended:7" the first and the last.

    The others are the same step of another page, file or letter.
    """
    last = {point.partition(":")[0]: point for point in points}
    return list(dict.fromkeys(point for point in points if point.endswith(":1") or point in last.values()))


def facts(store: Store) -> Facts:
    """What the record says, without numbers and times that differ from life to life."""
    kept = sa.outerjoin(occurrence, file, file.c.id == occurrence.c.file_id)
    promised = referral.join(slip).join(follow_up, follow_up.c.referral_id == referral.c.id)
    queries = {
        "drops": sa.select(
            occurrence.c.name,
            occurrence.c.state,
            occurrence.c.reason,
            occurrence.c.version_of.is_not(None),
            occurrence.c.kept_until.is_not(None),
            file.c.sha256,
        ).select_from(kept),
        "files": sa.select(file.c.sha256, file.c.state, file.c.reason),
        "pages": sa.select(file.c.sha256, page.c.page, page.c.state).select_from(page.join(file)),
        "slips": sa.select(file.c.sha256, slip.c.page, slip.c.slip, slip.c.state, slip.c.picture_sha256).join(file),
        "referrals": sa.select(slip.c.serial, referral.c.accepted_by, referral.c.accepted_on).join(slip),
        "follow-ups": sa.select(slip.c.serial, *follow_up.c["kind", "cycle", "due", "state"]).select_from(promised),
        "letters": sa.select(slip.c.serial, outbox.c.kind, outbox.c.cycle).select_from(promised.join(outbox)),
        "corrections": sa.select(slip.c.serial, correction.c.version, correction.c.by, correction.c.undone_by).join(
            slip
        ),
        "audit": sa.select(audit.c.who, audit.c.what).where(audit.c.what != "view"),
    }
    with store.read() as connection:
        return {name: sorted(map(tuple, connection.execute(query)), key=repr) for name, query in queries.items()}


def wrongs(folder: Path, dropped: dict[str, bytes], expected: Facts) -> list[str]:
    """Everything that is not as after an undisturbed life: lost, doubled, or not found again by its hash."""
    store = opened(folder)
    found = facts(store)
    told = [f"{name} differ: {found[name]} != {expected[name]}" for name in expected if found[name] != expected[name]]
    told += [f"{each.subject}: {each.message}" for each in verify.verify(store)]
    told += [] if ledger(store).balances else ["the ledger does not balance"]
    hashes = {files.sha256_of(path) for path in (folder / "inbox").iterdir() if path.is_file()}
    hashes |= {store.original(PurePath(place).name).stored_sha256() for place, _ in store.files.listed("originals")}
    store.close()
    lost = [name for name, content in dropped.items() if hashlib.sha256(content).hexdigest() not in hashes]
    return told + [f"{name} is lost" for name in lost]
