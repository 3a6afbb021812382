"""Who did what, for admins: found by person, by what it was about, and by day."""

from datetime import timedelta

from schemas.users import Role
from store.audit import LINES_MOST, write
from tests.audit import audit_lines
from tests.web.studio import Studio


def test_lines_are_found_by_person_subject_and_day(studio: Studio) -> None:
    """The day is the studio's own; a kind of subject finds all of it, and no other that begins alike."""
    ada = studio.person("ada", Role.ADMIN)
    write(studio.store, "kim", "view", "slip 1")
    write(studio.store, "lee", "edit", "slip 12", {"fields": ["diagnosis", "goals"]})
    studio.clock.move(timedelta(days=1))
    write(studio.store, "kim", "print", "slippage")
    write(studio.store, "lee", "set", "settings", {"settings": {"studio.phone": "(646) 555-0160", "studio.fax": ""}})
    ada = studio.person("ada", Role.ADMIN)

    def told(query: str) -> list[str]:
        page = ada.get(f"/activity?{query}").text
        return [subject for subject in ("slip 1<", "slip 12<", "slippage<") if f">{subject}" in page]

    assert told("who=kim") == ["slip 1<", "slippage<"]
    assert told("about=slip") == ["slip 1<", "slip 12<"]
    assert told("about=slip+12") == ["slip 12<"]
    assert told("day=2026-11-20") == ["slip 1<", "slip 12<"]
    assert told("who=lee&day=2026-11-21") == []
    page = ada.get("/activity?day=never&who=lee").text
    assert 'href="/review/s12"' in page
    assert "fields: diagnosis, goals" in page
    assert "settings: studio.phone (646) 555-0160, studio.fax empty" in page
    assert audit_lines(studio.store)[-1]["subject"] == "activity"


def test_older_lines_are_a_page_away(studio: Studio) -> None:
    """With the same filter."""
    ada = studio.person("ada", Role.ADMIN)
    for number in range(LINES_MOST + 1):
        write(studio.store, "kim", "view", f"referral {number}")
    assert "&amp;before=" in ada.get("/activity?who=kim").text
    first = next(line["id"] for line in audit_lines(studio.store) if line["who"] == "kim")
    assert "referral 0<" in ada.get(f"/activity?who=kim&before={int(str(first)) + 1}").text
