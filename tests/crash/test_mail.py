"""Killed at every step between the mailbox and the record, each message is taken in once and none is lost."""

from collections.abc import Iterator
from email.policy import SMTP
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.mailbox import EmailState
from store import verify
from store.intake.ledger.files import ledger
from store.intake.set_aside import original_of
from store.tables import email, occurrence
from tests.crash.crash_harness import Server, points_passed
from tests.crash.crash_life import opened
from tests.crash.mail_life import prepare_mail
from tests.imap_server import Post, mail_with, posting

KILLED = [-9]
SENT = [
    message.as_bytes(policy=SMTP)
    for message in (mail_with(b"%PDF-1 a slip"), mail_with(b"x", sender="eve@elsewhere.example", number=2))
]


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with posting(tmp_path_factory.mktemp("post")) as started:
        yield started


def wrongs(folder: Path) -> list[str]:
    """What is not as it must be: one file of the message, bit for bit, and one of the stranger left."""
    store = opened(folder)
    found = [] if (ledger(store).seen, ledger(store).balances) == (1, True) else [f"{ledger(store).seen} seen"]
    if not found and original_of(store, 1).read_bytes() != SENT[0]:
        found.append("the original is another")
    with store.read() as connection:
        states = sorted(connection.execute(sa.select(email.c.state, email.c.marked_at.is_not(None))).all())
        drops = connection.execute(sa.select(sa.func.count()).select_from(occurrence)).scalar_one()
    found += [] if states == [(EmailState.STRANGER, False), (EmailState.TAKEN, True)] else [f"{states}"]
    found += [] if drops == 1 else [f"{drops} drops"]
    found += [problem.message for problem in verify.verify(store)]
    store.close()
    return found


def test_killed_at_any_step_of_a_fetch_each_message_is_taken_in_once(room: Path, server: Server, post: Post) -> None:
    """Before it is on record the message stays in the mailbox; after, the next look only tells its server so."""

    def prepared(name: str) -> Path:
        return prepare_mail(
            room / name, post.mailbox.model_copy(update={"folder": name, "done_folder": f"{name}-done"})
        )

    with post.client() as client:

        def deliver(folder: str) -> None:
            client.create_folder(folder)
            client.append(folder, SENT[0])
            client.append(folder, SENT[1])

        def left(folder: str) -> list[bytes]:
            client.select_folder(folder)
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
            return [message[b"BODY[]"] for message in found.values()]

        deliver("undisturbed")
        assert server.live(prepared("undisturbed"), life="mail") == [0]
        points = sorted({point.partition(":")[0] for point in points_passed(room / "undisturbed")})
        points = [point for point in points if not point.startswith("files.")]  # tests/crash/test_intake.py has those
        assert len(points) == 8
        for point in points:
            deliver(point)
            assert server.live(prepared(point), point, life="mail") == KILLED, point
            assert server.live(room / point, life="mail") == [0], point
        for point in ("undisturbed", *points):
            assert wrongs(room / point) == [], point
            assert (left(point), left(f"{point}-done")) == (SENT[1:], SENT[:1]), point
