"""The life of a mailbox: fetched, taken in, marked; to be killed at any step and begun again."""

import json
from pathlib import Path

from refpad.services.mailbox.fetch import fetch_mail
from refpad.settings import Settings
from schemas.mailbox import Mailbox
from store.database import Store
from store.workers.workers import register_worker
from tests.crash.crash_life import opened

MAILBOX = "mailbox.json"  # how the life reaches its server; a password of the tests stands in it


def prepare_mail(folder: Path, mailbox: Mailbox) -> Path:
    """A new folder for a life that fetches from this mailbox."""
    folder.mkdir(parents=True)
    opened(folder).close()
    assert mailbox.password is not None
    told = mailbox.model_dump(mode="json") | {"password": mailbox.password.get_secret_value()}
    (folder / MAILBOX).write_text(json.dumps(told))
    return folder


def mail(folder: Path, store: Store) -> None:
    """One look into the mailbox."""
    mailbox = Mailbox.model_validate_json((folder / MAILBOX).read_text())
    settings = Settings(folder=folder, state_folder=folder / "store" / "state", mailbox=mailbox)
    with register_worker(store):
        fetch_mail(store, settings)
