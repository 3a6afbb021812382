"""How other programs are let in and told, typed: tokens and webhooks."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from refpad.cli import app
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from tests.letter_life import accepted
from tests.webhook_receiver import receiving


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))


def refpad(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def told(*words: str):  # noqa: ANN201 - JSON, as the command printed it
    return json.loads(refpad(*words, "--json").stdout)


def test_a_token_is_made_listed_and_revoked() -> None:
    """Printed once, and nowhere again."""
    made = refpad("tokens", "add", "the registry", "--scope", "referrals").stdout.strip()
    [listed] = told("tokens", "list")
    assert (listed["name"], listed["scopes"], made in str(listed)) == ("the registry", ["referrals"], False)
    assert "the registry" in refpad("tokens", "list").stdout
    refpad("tokens", "revoke", "1")
    assert told("tokens", "list") == []
    with pytest.raises(UsageError, match="no token 1"):
        refpad("tokens", "revoke", "1")


def test_a_webhook_is_entered_delivers_and_is_removed() -> None:
    """What the page *Other programs* does, and what it sent; the secret is printed once, and nowhere again."""
    with receiving() as receiver:
        made = refpad("webhooks", "add", receiver.url, "--event", "referral.accepted").stdout.strip()
        assert made.startswith("whsec_")
        other = refpad("webhooks", "rotate", "1").stdout.strip()
        with closing(open_record(Settings())) as store:
            accepted(store, Settings(), 7, signed_on=store.clock.today().isoformat())
        receiver.answers.append(500)
        failed = refpad("webhooks", "deliver")
        assert failed.exit_code == 1
        assert "1 message not sent yet: `refpad webhooks list` says why" in failed.stderr
        [listed] = told("webhooks", "list")
        assert (listed["waiting"], listed["problem"]) == (1, "It answered 500.")
        assert "tried again later" in refpad("webhooks", "list").stdout
        assert refpad("webhooks", "enable", "1").exit_code == 0
        assert told("webhooks", "deliver")["delivered"] == 1
        refpad("webhooks", "again", "1", "1")
        refpad("webhooks", "skip", "1", "1")
        [message] = told("webhooks", "messages", "1")
        assert (message["state"], message["attempts"]) == ("skipped", 2)
        assert "referral.accepted" in refpad("webhooks", "messages", "1").stdout
        assert all(secret not in str(listed) for secret in (made, other))
        assert len(receiver.requests) == 2
    refpad("webhooks", "remove", "1")
    assert told("webhooks", "list") == []
    with pytest.raises(UsageError, match="no webhook 1"):
        refpad("webhooks", "remove", "1")
