"""A test letter: through a real mail server, without any patient, and what the server says is said."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from refpad.services.letters.trial_mail import send_trial_mail
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from store import audit
from store.database import Store
from tests.smtp_sink import Sink, sinking


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with sinking(tmp_path) as started:
        yield started


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_record(Settings(folder=tmp_path / "data"))) as opened:
        yield opened


def test_a_test_letter_arrives_and_is_on_record(sink: Sink, store: Store, tmp_path: Path) -> None:
    """Before a patient's report depends on it."""
    settings = Settings(folder=tmp_path / "data", delivery=sink.delivery)
    send_trial_mail(store, settings, "desk@lakeside.example", "ada")
    [mail] = sink.mails
    assert mail["Subject"] == "A test letter from Lakeside Medical Exercise"
    assert [envelope.rcpt_tos for envelope in sink.envelopes] == [["desk@lakeside.example"]]
    assert [line["who"] for line in audit.lines_about(store, ["mail server"])] == ["ada"]


def test_what_the_server_answers_is_said(sink: Sink, store: Store, tmp_path: Path) -> None:
    """In the words that a held letter would have."""
    settings = Settings(folder=tmp_path / "data", delivery=sink.delivery)
    sink.behaviors.append("refuse at RCPT")
    with pytest.raises(UsageError, match=r"not sent. The mail server refused the letter \(code 550\)"):
        send_trial_mail(store, settings, "desk@lakeside.example", "ada")
    wrong = settings.delivery.model_copy(update={"smtp_ca_file": None})
    with pytest.raises(MachineError, match="cannot be trusted"):
        send_trial_mail(store, settings.model_copy(update={"delivery": wrong}), "desk@lakeside.example", "ada")


def test_without_a_server_or_an_address_there_is_nothing_to_try(store: Store, sink: Sink, tmp_path: Path) -> None:
    """Each is said before anybody waits."""
    with pytest.raises(UsageError, match="No mail server is set"):
        send_trial_mail(store, Settings(folder=tmp_path / "data"), "desk@lakeside.example", "ada")
    settings = Settings(folder=tmp_path / "data", delivery=sink.delivery)
    for nobody in ("", "desk", "desk@lakeside.example\r\nBcc: x@y.example"):
        with pytest.raises(UsageError, match="Enter the email address"):
            send_trial_mail(store, settings, nobody, "ada")
