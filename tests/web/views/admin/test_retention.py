"""Retention as an admin sees it: what would go, a purge that is typed, a referral that must stay."""

from datetime import timedelta

import pytest

from schemas.users import Role
from store.verify import verify
from tests.audit import audit_lines
from tests.letter_life import accepted, end_all
from tests.web.studio import Studio, open_studio, scratch

EIGHT_YEARS = timedelta(days=8 * 366)


def end_a_referral(studio: Studio) -> None:
    """One referral whose every follow-up is over, eight years ago."""
    accepted(studio.store, studio.settings, 7, signed_on="2026-11-18")
    end_all(studio.store, studio.settings)
    studio.clock.move(EIGHT_YEARS)


def test_an_admin_sees_what_would_go_types_it_and_has_it_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A click alone purges nothing, a hold keeps it, and who did and who looked is in the audit."""
    with scratch() as folder, open_studio(folder) as studio:
        assert "Everything is kept for ever" in studio.person("kim", Role.ADMIN).get("/retention").text
    monkeypatch.setenv("REFPAD_RETENTION__REFERRALS_YEARS", "7")
    with scratch() as folder, open_studio(folder) as studio:
        end_a_referral(studio)
        admin, reviewer = studio.person("kim", Role.ADMIN), studio.person("lee")
        assert reviewer.get("/retention").status_code == 403
        assert reviewer.post("/referrals/1/hold", {"reason": "x"}).status_code == 403
        assert admin.post("/referrals/1/hold", {"reason": "a claim is open"}).headers["location"] == "/referrals/1"
        assert "a claim is open" in reviewer.get("/referrals/1").text
        page = admin.get("/retention").text
        assert "a claim is open" in page
        assert "Nothing is past its term" in page
        assert admin.post("/referrals/1/lift", {"reason": "settled"}).status_code == 303
        assert "Past its term: 1 referral, 1 file" in admin.get("/retention").text
        assert "Nothing was purged" in admin.post("/retention/purge", {"typed": "purge 2 files"}).text
        assert "Ada Quill" in admin.get("/referrals/1").text
        done = admin.post("/retention/purge", {"typed": "Purge 1 file"})
        assert "Purge 1 is done" in done.text
        assert "Referral 1 was purged on 2034-" in admin.get("/referrals/1").text
        assert "1 referrals" in admin.get("/retention").text
        acts = [(line["who"], line["what"]) for line in audit_lines(studio.store)]
        for act in ("view", "legal_hold", "lift_hold", "purge_begun", "purge", "purge_ended"):
            assert ("kim", act) in acts
        assert verify(studio.store) == []
