"""What leaves through the front desk: files with patients in them, and a calendar without."""

import csv
import re

import pytest
from icalendar import Calendar

from schemas.users import Role
from tests.audit import audit_lines
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio

NO_PICTURE = b"\x89PNG"


@pytest.fixture
def ada(studio: Studio) -> Person:
    """An admin, in a studio with one referral."""
    record_slip(studio, truth_of(1701, patient_name="Ada-Mae Quill"), Doubts(), NO_PICTURE)
    return studio.person("ada", Role.ADMIN)


def made_by(someone: Person, names: str) -> str:
    """The path of an address that the page has just made."""
    [path] = set(re.findall(r"(/calendar/[\w-]+\.ics)", someone.post("/calendar", {"names": names}).text))
    return path


def test_each_csv_file_is_what_the_command_line_writes_and_is_on_record(studio: Studio, ada: Person) -> None:
    """The same columns, saved under a name of its own with the day."""
    for what, column in (("referrals", "patient_name"), ("followups", "kind"), ("offices", "office_id")):
        answer = ada.get(f"/exports/{what}")
        assert answer.headers["content-disposition"] == f'attachment; filename="{what}-2026-11-20.csv"'
        header, *rows = csv.reader(answer.content.decode("utf-8-sig").splitlines())
        assert column in header
        line = audit_lines(studio.store)[-1]
        assert (line["who"], line["what"], line["subject"]) == ("ada", "export", what)
        assert line["detail"] == {"count": len(rows)}
    assert ada.get("/exports/passwords").status_code == 404


@pytest.mark.parametrize(("names", "said"), [("nobody", None), ("initials", "A. M. Q."), ("names", "Ada-Mae Quill")])
def test_a_calendar_program_fetches_it_without_signing_in(
    names: str, said: str | None, studio: Studio, ada: Person
) -> None:
    """It names whom the address was made for; who made it is on record for each time."""
    answer = studio.stranger().get(made_by(ada, names))
    assert answer.headers["content-type"].startswith("text/calendar")
    summaries = [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert any(summary.startswith("Call the patient") for summary in summaries)
    assert all((said or "follow-up") in summary for summary in summaries if summary.startswith("Call"))
    assert said is not None or "Quill" not in answer.text
    line = audit_lines(studio.store)[-1]
    assert (line["who"], line["what"], line["subject"]) == ("ada", "export", "calendar 1")


def test_an_address_is_shown_once_and_revoked_on_the_page(studio: Studio, ada: Person) -> None:
    """Another reviewer neither sees it nor ends it."""
    path = made_by(ada, "nobody")
    assert path not in ada.get("/exports").text
    kim = studio.person("kim")
    assert "No address yet" in kim.get("/exports").text
    assert kim.post("/calendar/1/revoke").status_code == 404
    assert kim.post("/calendar", {"names": "names"}).status_code == 400
    assert ada.post("/calendar/1/revoke").status_code == 303
    assert studio.stranger().get(path).status_code == 404
