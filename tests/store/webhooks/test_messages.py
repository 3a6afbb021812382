"""Messages of webhooks on both databases: made once of each change and of each day that a follow-up is due."""

from datetime import timedelta
from pathlib import Path

import pytest

from schemas.errors import NotOnRecordError, UsageError
from schemas.webhook import MessageState, WebhookContent, WebhookEvent
from store.clock import SetClock
from store.database import Store
from store.followups.actions import postpone
from store.tables import webhook, webhook_message
from store.webhooks import messages, sending, webhooks
from store.workers.workers import register_worker
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken

WHO, URL = "ada", "https://registry.example/hook"
ALL = tuple(WebhookEvent)


def test_what_happened_is_planned_once_and_the_number_follows_from_it(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    """Planned twice, by two workers or by a record of before, it is the same message."""
    for _ in range(2):
        webhooks.add_webhook(store, URL, ALL, WHO)
    assert recorded(store, taken(store, tmp_path / "scan.pdf"), slip_reading()).accepted == 1
    made = messages.plan_messages(store)
    assert messages.plan_messages(store) == 0
    first, second = (messages.messages_of(store, number, 50) for number in (1, 2))
    assert len(first) == len(second) == made // 2
    assert not {one.message_id for one in first} & {one.message_id for one in second}
    with store.write() as connection:
        connection.execute(webhook_message.delete())
        connection.execute(webhook.update().values(cursor=0))
    assert messages.plan_messages(store) == made
    assert [one.message_id for one in messages.messages_of(store, 1, 50)] == [one.message_id for one in first]


def test_a_follow_up_is_told_of_each_day_on_which_it_is_due(store: Store, clock: SetClock, tmp_path: Path) -> None:
    """One that was postponed is news again on its new day, and none is twice on one day."""
    webhooks.add_webhook(store, URL, [WebhookEvent.DUE], WHO)
    recorded(store, taken(store, tmp_path / "scan.pdf"), slip_reading())
    clock.move(timedelta(days=2))
    assert messages.plan_messages(store) > 0
    told = messages.messages_of(store, 1, 50)
    postpone(store, told[0].number, clock.today() + timedelta(days=1), WHO)
    assert messages.plan_messages(store) == 0
    clock.move(timedelta(days=1))
    days = [(one.number, one.due) for one in messages.messages_of(store, 1, 50)]
    messages.plan_messages(store)
    again = [(one.number, one.due) for one in messages.messages_of(store, 1, 50)]
    assert (told[0].number, clock.today()) in again
    assert len(set(again)) == len(again) > len(days)


def test_two_senders_never_have_one_webhook(store: Store, clock: SetClock, tmp_path: Path) -> None:
    """Order holds, and a late sender's word counts only for the message that it sent."""
    webhooks.add_webhook(store, URL, [WebhookEvent.ACCEPTED], WHO, WebhookContent.RECORDS)
    recorded(store, taken(store, tmp_path / "scan.pdf"), slip_reading())
    messages.plan_messages(store)
    with register_worker(store) as first, register_worker(store) as second:
        lease = sending.next_webhook(store, first, 60.0)
        assert lease is not None
        assert sending.next_webhook(store, second, 60.0) is None
        outgoing = sending.begin_message(store, lease, 60.0)
        assert outgoing is not None
        assert "whsec_" not in repr(outgoing)
        assert "patient_name" not in repr(outgoing)
        clock.move(timedelta(seconds=61))
        taken_over = sending.next_webhook(store, second, 60.0)
        assert taken_over is not None
        with pytest.raises(sending.LostWebhookError):
            sending.mark_undelivered(store, lease, outgoing.message, "It answered 500.", 0.5)
        sending.mark_delivered(store, lease, outgoing.message)
        sending.end_webhook_lease(store, lease)
        assert sending.begin_message(store, taken_over, 60.0) is None
    assert [one.state for one in messages.messages_of(store, 1)] == [MessageState.DELIVERED]


def test_what_cannot_be_entered_or_is_not_there_is_said(store: Store) -> None:
    """An address without an event, too many, a webhook or message that is gone."""
    with pytest.raises(UsageError, match=r"referral\.accepted"):
        webhooks.add_webhook(store, URL, [], WHO)
    for _ in range(webhooks.WEBHOOKS_MOST):
        webhooks.add_webhook(store, URL, ALL, WHO)
    with pytest.raises(UsageError, match="remove one first"):
        webhooks.add_webhook(store, URL, ALL, WHO)
    webhooks.remove_webhook(store, 1, WHO)
    for act in (webhooks.remove_webhook, webhooks.rotate_secret, webhooks.enable_webhook):
        with pytest.raises(NotOnRecordError):
            act(store, 1, WHO)
    with pytest.raises(NotOnRecordError):
        messages.send_again(store, 2, 1, WHO)
    assert len(webhooks.webhooks(store)) == webhooks.WEBHOOKS_MOST - 1
