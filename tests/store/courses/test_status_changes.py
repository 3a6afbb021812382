"""A change that the provider wants to know before the next report: told by a letter of its own, each once."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from followup import rules as followup_rules
from followup.calendar import BusinessCalendar
from schemas.course import EntryKind
from schemas.errors import UsageError
from schemas.followup import FollowUpPolicy
from store.clock import SetClock
from store.courses.courses import course
from store.courses.entries import finish
from store.database import Store
from store.studio_rules import StudioRules
from store.tables import outbox
from store.verify import verify
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.entries import assessment, discharge, status_change
from tests.store.helpers import recorded, taken

WHO = "kim"
HIGH = [{"kind": "systolic", "value": 188}, {"kind": "heart_rate", "value": 96}]


@pytest.fixture
def rules() -> StudioRules:
    """The example pad with the real rules."""
    plan = partial(followup_rules.plan, policy=FollowUpPolicy(), calendar=BusinessCalendar())
    return replace(example_rules(), plan=plan)


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path, rules: StudioRules, clock: SetClock) -> None:
    """One referral of 3 March, looked at on the 9th."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)
    clock.move(timedelta(days=6))


def changes(store: Store) -> int:
    query = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.kind == "status_change")
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def test_each_change_has_a_letter_of_its_own(store: Store, rules: StudioRules) -> None:
    """Before the assessment and after it, two on one day; corrected, it is the same; after the course, none."""
    first = finish(store, rules, 1, status_change(on="2026-03-05"), WHO)
    finish(store, rules, 1, status_change(on="2026-03-05", what="fall"), WHO)
    assert changes(store) == 2
    again = finish(store, rules, 1, status_change(on="2026-03-05", what="other"), WHO, (first.id, first.version))
    assert again.follow_up_id == first.follow_up_id
    assert changes(store) == 2
    assert course(store, 1).final() == ()
    assert verify(store) == []
    finish(store, rules, 1, discharge(on="2026-03-09"), WHO)
    with pytest.raises(UsageError, match="has ended"):
        finish(store, rules, 1, status_change(on="2026-03-05"), WHO)


def test_a_value_beyond_its_limit_is_told_once(store: Store, rules: StudioRules) -> None:
    """The summary may be a week away; corrected in other words, the value was told already."""
    entry = finish(store, rules, 1, assessment(measures=HIGH), WHO)
    assert course(store, 1).beyond == ("Systolic blood pressure at rest 188 mmHg is above 180 mmHg (ATS 2002, AHA)",)
    [told] = [one for one in course(store, 1).entries if one.kind is EntryKind.STATUS_CHANGE]
    assert [measure["kind"] for measure in told.content["measures"]] == ["systolic"]
    assert changes(store) == 1
    finish(store, rules, 1, assessment(measures=HIGH), WHO, (entry.id, entry.version))
    assert changes(store) == 1
    assert verify(store) == []


def test_a_value_within_its_limits_tells_nothing(store: Store, rules: StudioRules) -> None:
    """Nobody reads warnings that are none."""
    calm = [{"kind": kind, "value": value} for kind, value in (("systolic", 180), ("glucose", 70), ("spo2", 89))]
    finish(store, rules, 1, assessment(measures=calm), WHO)
    assert (changes(store), course(store, 1).beyond) == (0, ())
