"""Whose desk a flow works at: the one its process has seated, or one of its own."""

import atexit
from contextlib import ExitStack, closing
from functools import cache

from refpad.services.intake.worker import Desk, open_desk
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import open_record
from refpad.settings import Settings

_seated: list[Desk] = []


def seat(desk: Desk) -> None:
    """Let all flows of this process work at `desk`."""
    _seated[:] = [desk]


def desk() -> Desk:
    """The desk of this process; a run of a deployment, which has nobody to seat it, opens its own."""
    return _seated[0] if _seated else _own()


@cache
def _own() -> Desk:
    settings, held = Settings(), ExitStack()
    atexit.register(held.close)
    store = held.enter_context(closing(open_record(settings)))
    return held.enter_context(open_desk(settings, store, held.enter_context(open_child_reader(settings))))
