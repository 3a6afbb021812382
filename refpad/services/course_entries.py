"""Entering an assessment, progress or a discharge for good: only what its report can say on one page."""

from collections.abc import Mapping
from typing import Any

from refpad.services.letters.letters import entry_letter, press_of
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from store.courses.courses import CourseEntry
from store.courses.entries import At, finish
from store.database import Store


def enter_for_good(
    store: Store,
    settings: Settings,
    referral_id: int,
    content: Mapping[str, Any],
    who: str,
    at: At | None = None,
    *,
    is_typed: bool = False,
) -> CourseEntry:
    """Enter it, and have its report written; `is_typed` says that it comes from the form of a page.

    Raises UsageError for what is not complete, does not fit the course, offers anything for a referral, or is
    longer than a page, with the number of lines; nothing is changed then.
    """
    _, letter = entry_letter(store, referral_id, content, at)
    press_of(settings).pdf(letter)
    return finish(store, rules_of(settings), referral_id, content, who, at, is_typed=is_typed)
