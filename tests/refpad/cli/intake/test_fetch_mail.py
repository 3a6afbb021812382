"""`refpad fetch-mail`: typed, it does what `refpad up` does every few minutes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refpad.cli import app
from tests.imap_server import PASSWORD, Post, mail_with, posting


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with posting(tmp_path) as started:
        yield started


def test_fetch_mail_says_what_came_and_what_was_left(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In figures; who sent it is nobody's business in a terminal."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("REFPAD_STATE_FOLDER", str(tmp_path / "state"))
    said = post.mailbox.model_dump(mode="json", exclude={"password"}, exclude_none=True)
    for name, value in {**said, "password": PASSWORD}.items():
        monkeypatch.setenv(f"REFPAD_MAILBOX__{name.upper()}", str(value))
    post.deliver(mail_with(b"%PDF-1"), mail_with(b"x", sender="eve@elsewhere.example", number=2))
    ran = CliRunner().invoke(app, ["fetch-mail"])
    assert ran.exit_code == 0
    assert "1 e-mail taken in, 0 had come before." in ran.output
    assert "1 e-mail of senders who are not allowed: left in the mailbox." in ran.output
    assert "eve" not in ran.output
