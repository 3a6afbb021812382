"""Another program is told of each thing once, in order, however long it was away; nobody else is, and no log."""

import logging
import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from refpad.ops.checkup import WarningError
from refpad.ops.health import health_of_parts
from refpad.ops.webhooks import check
from refpad.services.webhooks.deliver import Deliveries, deliver
from refpad.settings import Settings
from schemas.webhook import MessageState, WebhookContent, WebhookEvent
from store.clock import SetClock
from store.database import Store, open_store
from store.letters.restore_guard import WEBHOOK_RESTORED
from store.review.withdraw import withdraw
from store.tables import webhook
from store.webhooks import messages
from store.webhooks.sending import GIVE_UP_AFTER, retry_wait_s
from store.webhooks.webhooks import (
    OLD_SECRET_HOURS,
    add_webhook,
    enable_webhook,
    find_webhook,
    remove_webhook,
    rotate_secret,
)
from tests.audit import audit_lines
from tests.crash.crash_life import NOW
from tests.letter_life import accepted
from tests.store.conftest import nameless, tmp_path
from tests.webhook_receiver import PATH_SECRET, Receiver, is_signed, receiving

__all__ = ["tmp_path"]

WHO = "ada"
ALL = tuple(WebhookEvent)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path / "data", state_folder=tmp_path / "state")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with its tables and nothing in them: to make those takes longer than a test."""
    folder = tmp_path_factory.mktemp("empty") / "store"
    nameless(open_store(f"sqlite:///{folder / 'refpad.sqlite'}", folder, SetClock(NOW)))
    return folder


@pytest.fixture
def store(settings: Settings, empty: Path) -> Iterator[Store]:
    """At a clock that stands still; `doctor` opens the same one."""
    shutil.copytree(empty, settings.store_folder)
    clock = SetClock(NOW, "America/New_York")
    url = f"sqlite:///{settings.store_folder / 'refpad.sqlite'}"
    opened = open_store(url, settings.store_folder, clock, settings.state)
    yield opened
    opened.close()


def later(store: Store, wait: timedelta) -> None:
    assert isinstance(store.clock, SetClock)
    store.clock.move(wait)


def sent(store: Store, settings: Settings, chance: float = 0.5) -> Deliveries:
    return deliver(store, settings, "worker", lambda: chance)


def test_each_thing_is_told_once_in_order_and_signed(store: Store, settings: Settings, receiver: Receiver) -> None:
    """What was before is nobody's news; numbers alone, unless the record was chosen."""
    accepted(store, settings, serial=6)
    secret = add_webhook(store, receiver.url, ALL, WHO)
    accepted(store, settings, serial=7)
    assert sent(store, settings) == Deliveries(delivered=3)
    assert sent(store, settings) == Deliveries()
    withdraw(store, 2, "kim")
    later(store, timedelta(days=1))
    assert sent(store, settings).delivered > 1
    assert all(is_signed(headers, body, secret) for headers, body in receiver.requests)
    assert len(set(receiver.ids)) == len(receiver.ids)
    assert [told["type"] for told in receiver.told][:3] == ["referral.accepted", "follow_up.due", "follow_up.due"]
    first, gone = receiver.told[0]["data"], receiver.told[3]["data"]
    assert (first["referral"], first["what"]) == ("2", "added")
    assert (gone["referral"], gone["what"]) == ("2", "withdrawn")
    assert b"Quill" not in b"".join(body for _, body in receiver.requests)


def test_the_record_goes_only_where_that_was_chosen_and_stands_in_the_audit(
    store: Store, settings: Settings, receiver: Receiver
) -> None:
    """As it is when it is sent; what is gone by then is not."""
    add_webhook(store, receiver.url, [WebhookEvent.ACCEPTED], WHO, WebhookContent.RECORDS)
    for serial in (7, 8):
        accepted(store, settings, serial=serial)
    withdraw(store, 2, "kim")
    assert sent(store, settings) == Deliveries(delivered=2)
    records = [told["data"]["record"] for told in receiver.told]
    assert (records[0]["referral"]["patient_name"], records[1]) == ("Ada Quill", None)
    told = [(line["what"], line["subject"]) for line in audit_lines(store) if line["who"] == "webhook 1"]
    assert told == [("export", "referral 1")]


def test_who_does_not_answer_is_tried_again_ever_later_and_nothing_is_passed_over(
    store: Store, settings: Settings, receiver: Receiver
) -> None:
    """The same message under the same number, before those behind it."""
    add_webhook(store, receiver.url, [WebhookEvent.ACCEPTED], WHO)
    accepted(store, settings, serial=7)
    accepted(store, settings, serial=8)
    receiver.answers += [500, 503, 302]
    for tries in range(3):
        assert sent(store, settings) == Deliveries(later=1)
        assert sent(store, settings) == Deliveries()
        later(store, timedelta(seconds=retry_wait_s(tries, 0.5) + 1))
    assert sent(store, settings) == Deliveries(delivered=2)
    assert receiver.ids[:4] == [receiver.ids[0]] * 4
    assert [told["data"]["referral"] for told in receiver.told] == ["1", "1", "1", "1", "2"]
    assert find_webhook(store, 1).failing_since is None


def test_waits_grow_to_six_hours_and_differ() -> None:
    """Many who wait for one address do not come back at once."""
    waits = [retry_wait_s(tries, 0.5) for tries in range(100)]
    assert (waits[0], max(waits), waits == sorted(waits)) == (5.0, 6 * 3600.0, True)
    assert [round(retry_wait_s(0, chance), 6) for chance in (0.0, 1.0)] == [4.0, 6.0]


@pytest.mark.parametrize("is_gone", [False, True])
def test_who_never_answers_is_disabled_and_people_are_told_until_they_enable_it(
    is_gone: bool, store: Store, settings: Settings, receiver: Receiver
) -> None:
    """After three days, or at once when it says that nobody is there (410); what waits is kept."""
    add_webhook(store, receiver.url, [WebhookEvent.ACCEPTED], WHO)
    accepted(store, settings, serial=7)
    receiver.answers += [410] if is_gone else [500] * 100
    chance, since = random.Random(1), store.clock.now()  # noqa: S311 - jitter
    while (done := sent(store, settings, chance.random())).disabled == 0:
        assert done == Deliveries(later=1)
        later(store, timedelta(seconds=retry_wait_s(30, 1.0)) if not is_gone else timedelta())
    waited = store.clock.now() - since
    assert waited == timedelta() if is_gone else GIVE_UP_AFTER <= waited < GIVE_UP_AFTER + timedelta(hours=8)
    later(store, timedelta(days=9))
    assert sent(store, settings) == Deliveries()
    [sign] = [part for part in health_of_parts(settings, store) if part.part == "Webhooks"]
    assert sign.is_trouble
    assert not sign.needed
    assert "1 message waiting" in sign.found
    with pytest.raises(WarningError, match="Webhook 1 to 127") as found:
        check(settings)
    assert PATH_SECRET not in str(found.value) + sign.found
    receiver.answers.clear()
    enable_webhook(store, 1, WHO)
    assert sent(store, settings) == Deliveries(delivered=1)
    assert len(set(receiver.ids)) == 1
    assert "1 webhook, 0 messages waiting" in check(settings)


def test_a_message_is_sent_again_or_left_out_by_hand(store: Store, settings: Settings, receiver: Receiver) -> None:
    """Its number stays; one that its program cannot take does not stop the others for ever."""
    add_webhook(store, receiver.url, [WebhookEvent.ACCEPTED], WHO)
    accepted(store, settings, serial=7)
    assert sent(store, settings) == Deliveries(delivered=1)
    messages.send_again(store, 1, 1, WHO)
    assert sent(store, settings) == Deliveries(delivered=1)
    assert receiver.ids == [receiver.ids[0]] * 2
    for serial in (8, 9):
        accepted(store, settings, serial=serial)
    receiver.answers.append(400)
    assert sent(store, settings) == Deliveries(later=1)
    messages.skip_message(store, 1, 2, WHO)
    later(store, timedelta(minutes=1))
    assert sent(store, settings) == Deliveries(delivered=1)
    states = [one.state for one in messages.messages_of(store, 1)]
    assert states == [MessageState.DELIVERED, MessageState.SKIPPED, MessageState.DELIVERED]


def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day_more(
    store: Store, settings: Settings, receiver: Receiver
) -> None:
    """The program changes its secret when it can; then the old one is worth nothing."""
    old = add_webhook(store, receiver.url, [WebhookEvent.ACCEPTED], WHO)
    new = rotate_secret(store, 1, WHO)
    for serial, hours in ((7, 0), (8, OLD_SECRET_HOURS + 1)):
        later(store, timedelta(hours=hours))
        accepted(store, settings, serial=serial)
        assert sent(store, settings) == Deliveries(delivered=1)
    by = [[is_signed(headers, body, secret) for secret in (old, new)] for headers, body in receiver.requests]
    assert by == [[True, True], [False, True]]


def test_no_secret_address_or_patient_is_in_a_log_the_audit_or_an_error(
    store: Store, settings: Settings, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """The path of an address is often the other side's password; httpx would log it with each request."""
    with caplog.at_level(logging.DEBUG):
        secret = add_webhook(store, receiver.url, ALL, WHO, WebhookContent.RECORDS)
        other = rotate_secret(store, 1, WHO)
        accepted(store, settings, serial=7)
        receiver.answers += [500]
        assert sent(store, settings) == Deliveries(later=1)
        problem = find_webhook(store, 1).problem
        later(store, timedelta(minutes=1))
        assert sent(store, settings).delivered == 2
    told = "\n".join([caplog.text, problem, str(audit_lines(store)), repr(find_webhook(store, 1).host)])
    for word in (secret, other, PATH_SECRET, "Quill", "5550142"):
        assert word not in told
    remove_webhook(store, 1, WHO)
    with store.read() as connection:
        row = connection.execute(webhook.select()).one()
    assert (row.secret, row.previous_secret) == ("", None)


def test_a_record_put_back_from_a_backup_tells_nobody_until_somebody_enables_it(
    store: Store, settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """A copy on another computer tells nobody; and what was told since the backup goes under the number that it had."""
    add_webhook(store, receiver.url, [WebhookEvent.ACCEPTED], WHO)
    accepted(store, settings, serial=7)
    shutil.copytree(settings.store_folder, tmp_path / "backup")
    assert sent(store, settings) == Deliveries(delivered=1)
    accepted(store, settings, serial=8)
    store.close()
    shutil.rmtree(settings.store_folder)
    shutil.copytree(tmp_path / "backup", settings.store_folder)
    assert sent(store, settings) == Deliveries()
    found = find_webhook(store, 1)
    assert (found.problem, found.disabled_at is None) == (WEBHOOK_RESTORED, False)
    enable_webhook(store, 1, WHO)
    assert sent(store, settings) == Deliveries(delivered=1)
    assert receiver.ids == [receiver.ids[0]] * 2


def test_in_practice_and_without_a_webhook_nobody_is_told(store: Store, settings: Settings, receiver: Receiver) -> None:
    """Invented people are no news."""
    assert sent(store, settings) == Deliveries()
    add_webhook(store, receiver.url, ALL, WHO)
    accepted(store, settings, serial=7)
    assert sent(store, settings.model_copy(update={"practice": True})) == Deliveries()
    assert receiver.requests == []
