"""Entering an assessment, progress or a discharge for good."""

from collections.abc import Mapping
from typing import Any

from refpad.settings import Settings
from refpad.work.opening import terms_of
from store.courses import CourseEntry
from store.database import Store
from store.entering import At, finish


def enter_for_good(
    store: Store, settings: Settings, referral_id: int, content: Mapping[str, Any], who: str, at: At | None = None
) -> CourseEntry:
    """Enter it, and have its report written."""
    return finish(store, terms_of(settings), referral_id, content, who, at)
