"""Killed at every step between the record and another program, each thing is told, and never under two numbers."""

import shutil
from pathlib import Path

from schemas.webhook import MessageState
from store.webhooks.messages import messages_of
from tests.crash.crash_harness import Server, points_passed
from tests.crash.crash_life import opened
from tests.crash.webhook_life import prepare_webhook
from tests.webhook_receiver import Receiver, receiving

KILLED = [-9]
# After these the other side may have the message already, so that it comes once more.
TWICE = {"webhook.handed_over", "mark_delivered.before_commit"}


def wrongs(folder: Path, receiver: Receiver, point: str) -> list[str]:
    """What is not as it must be, of what the record says and of what came to the other side."""
    store = opened(folder)
    kept = messages_of(store, 1)
    store.close()
    found = [] if {one.state for one in kept} == {MessageState.DELIVERED} else [f"{[one.state for one in kept]}"]
    found += [] if len(kept) == 2 and {one.message_id for one in kept} == set(receiver.ids) else [f"{receiver.ids}"]
    again = len(receiver.ids) - len(kept)
    known = {(told["type"], str(told["data"])) for told in receiver.told}
    found += [] if len(known) == len(kept) else [f"{known}"]
    return found + ([] if again == (2 if point in TWICE else 1) else [f"{again} came again"])


def test_killed_at_any_step_each_thing_is_told_under_one_number(room: Path, server: Server) -> None:
    """The first is answered 500 and comes again an hour later; of a kill only its own message may come twice."""
    with receiving() as receiver:
        prepare_webhook(room / "prepared", receiver.url)

        def lived(name: str, *crash_at: str) -> list[int]:
            receiver.requests.clear()
            receiver.answers[:] = [500]
            folder = Path(shutil.copytree(room / "prepared", room / name))
            ended = [status for point in crash_at for status in server.live(folder, point, life="tell")]
            return ended + server.live(folder, life="tell")

        assert lived("undisturbed") == [0]
        assert wrongs(room / "undisturbed", receiver, "") == []
        own = ("plan_messages", "webhook.", "begin_message", "mark_delivered", "mark_undelivered")
        points = sorted({point.partition(":")[0] for point in points_passed(room / "undisturbed")})
        points = [point for point in points if point.startswith(own)]
        assert len(points) == 9
        for point in points:
            assert lived(point, point) == [*KILLED, 0], point
            assert wrongs(room / point, receiver, point) == [], point
