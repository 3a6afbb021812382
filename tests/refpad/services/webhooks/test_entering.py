"""An address that no message would reach is refused while the admin is there, and not in the night's delivery."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from refpad.services.webhooks.entering import enter_webhook
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.webhook import WebhookEvent
from store.database import Store
from store.webhooks.webhooks import webhooks

EVENTS = [WebhookEvent.ACCEPTED]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_record(Settings(folder=tmp_path / "data", state_folder=tmp_path / "state"))) as opened:
        yield opened


@pytest.mark.parametrize(
    ("url", "in_local_network", "next_step"),
    [
        ("https://192.168.1.20/hook", False, "add --local-network"),
        ("https://169.254.169.254/", False, "add --local-network"),
        ("https://169.254.169.254/", True, "where clouds keep their keys"),
        ("http://registry.example/", False, "begins with https://"),
    ],
)
def test_what_delivery_would_refuse_is_refused_when_it_is_entered(
    store: Store, url: str, in_local_network: bool, next_step: str
) -> None:
    """By the same rule, with what to do; nothing is entered."""
    with pytest.raises(UsageError, match=next_step):
        enter_webhook(store, url, EVENTS, "ada", in_local_network=in_local_network)
    assert webhooks(store) == []


@pytest.mark.parametrize(
    ("url", "in_local_network"),
    [("https://192.168.1.20/hook", True), ("http://127.0.0.1:8099/", False), ("https://not-yet.invalid/", False)],
)
def test_what_is_allowed_or_not_known_yet_is_entered(store: Store, url: str, in_local_network: bool) -> None:
    """A name that is not found may be made later, or the line be down: each try looks it up."""
    assert enter_webhook(store, url, EVENTS, "ada", in_local_network=in_local_network).startswith("whsec_")
    assert [one.url for one in webhooks(store)] == [url]
