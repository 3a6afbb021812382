"""Who looked at what: every page, picture and preview that shows something of a patient leaves its line."""

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response

from tests.audit import audit_lines
from tests.days import other_dates
from tests.web.scenes import set_the_scene
from tests.web.studio import Person, Studio, open_studio, scratch
from tests.web.views.test_today import FORM
from web.routes import ENDPOINTS

# Every address that shows something, as one asks for it: with a form where there is one to fill in.
SHOWN: dict[tuple[str, str], tuple[str, dict[str, object]]] = {
    ("GET", "/"): ("/", {}),
    ("GET", "/tasks/{task}"): ("/tasks/2", {}),
    ("GET", "/tasks/{task}/letter"): ("/tasks/{thanks}/letter", {}),
    ("GET", "/letters"): ("/letters", {}),
    ("GET", "/letters/{letter}"): ("/letters/1", {}),
    ("GET", "/letters/{letter}/picture"): ("/letters/1/picture", {}),
    ("GET", "/letters/{letter}/pdf"): ("/letters/1/pdf", {}),
    ("GET", "/batches/{batch}"): ("/batches/1", {}),
    ("GET", "/review"): ("/review", {}),
    ("GET", "/review/{item}"): ("/review/s1", {}),
    ("GET", "/review/{item}/beside/{other}"): ("/review/s5/beside/4", {}),
    ("GET", "/slips/{slip}/picture"): ("/slips/1/picture", {}),
    ("GET", "/files/{file}/pages/{page}"): ("/files/2/pages/1", {}),
    ("GET", "/groups"): ("/groups", {}),
    ("GET", "/groups/{key}"): ("{group}", {}),
    ("GET", "/groups/{key}/picture"): ("{group}/picture?slips={crops}", {}),
    ("GET", "/set-aside"): ("/set-aside", {}),
    ("GET", "/set-aside/{file}"): ("/set-aside/2", {}),
    ("GET", "/referrals"): ("/referrals", {}),
    ("GET", "/search/{search}"): ("{search}", {}),
    ("GET", "/referrals/{referral}"): ("/referrals/1", {}),
    ("GET", "/referrals/{referral}/enter/{kind}"): ("/referrals/3/enter/assessment", {}),
    ("POST", "/referrals/{referral}/enter/{kind}/preview"): ("/referrals/1/enter/assessment/preview", FORM),
    ("GET", "/referrals/{referral}/sessions"): ("/referrals/2/sessions", {}),
    ("GET", "/referrals/{referral}/correct"): ("/referrals/1/correct", {}),
    ("GET", "/referrals/{referral}/office"): ("/referrals/1/office", {}),
    ("GET", "/review/{item}/office"): ("/review/s1/office", {}),
    ("GET", "/providers/{provider}"): ("/providers/1", {}),
    ("GET", "/patients"): ("/patients", {}),
    ("GET", "/patients/{patient}"): ("/patients/1", {}),
    ("GET", "/patients/{patient}/merge"): ("/patients/1/merge?into=2", {}),
    ("GET", "/exports/{what}"): ("/exports/referrals", {}),
    ("GET", "/calendar/{token}.ics"): ("/calendar/{calendar}.ics", {}),
    ("GET", "/offices/{office}/merge"): ("/offices/riverside/merge?into=northside", {}),
    ("GET", "/providers/{provider}/merge"): ("/providers/1/merge?into=2", {}),
    ("GET", "/offices/{office}"): ("/offices/riverside", {}),
    ("POST", "/offices/{office}/letters/{kind}"): ("/offices/riverside/letters/keep_in_touch", {}),
    ("POST", "/offices/{office}/pads"): (
        "/offices/riverside/pads",
        {"pad": "met-1", "slips": "4", "up": "4", "paper": "letter"},
    ),
}

# What shows nothing of a patient: numbers, the studio's own people and offices, how far a file has come.
OF_NO_PATIENT = {
    *("/static/{mark}/{name}", "/login", "/first/{word}", "/me", "/people"),
    *("/review/next", "/quality", "/offices", "/inbox", "/inbox/progress", "/exports", "/activity"),
    *("/settings", "/setup/{section}", "/settings/logo", "/backups", "/programs"),
    *("/help", "/help/{chapter}", "/help/pictures/{name}"),
}
# It takes an admin: tests/web/views/test_backups.py, tests/web/views/test_retention.py.
OF_EVERYBODY = {"/backups/{backup}/download", "/retention"}
# It takes a program's token: tests/web/views/test_api.py.
OF_PROGRAMS = {page.path for page in ENDPOINTS if page.path.startswith("/api/")}


@pytest.fixture(scope="module")
def busy() -> Iterator[tuple[Studio, Person]]:
    """The middle of a day, with a batch of letters that is to be posted."""
    with scratch() as folder, open_studio(folder) as studio:
        set_the_scene(studio)
        kim = studio.person()
        assert kim.post("/letters/print").status_code == 303
        yield studio, kim


def asked(kim: Person, method: str, address: str, fields: dict[str, object]) -> Response:
    """The address with what is in braces filled in: a group's is another at each start."""
    names = {"thanks": "1"}
    if "{group}" in address:
        names["group"] = next(iter(re.findall(r'href="(/groups/\w+)"', kim.get("/groups").text)))
        names["crops"] = next(iter(re.findall(r"slips=([\d,]+)", kim.get(names["group"]).text)))
    if "{search}" in address:
        names["search"] = kim.post("/search", {"query": "pemberton"}).headers["location"]
    if "{calendar}" in address:
        made = kim.post("/calendar", {"names": "nobody"}).text
        names["calendar"] = next(iter(re.findall(r"/calendar/([\w-]+)\.ics", made)))
    address = address.format(**names)
    return kim.get(address) if method == "GET" else kim.post(address, fields)


def test_every_address_that_can_be_looked_at_is_known_here() -> None:
    """A new page must say whether it shows something of a patient, or this test knows nothing of it."""
    looked_at = {page.path for page in ENDPOINTS if page.method == "GET"}
    assert looked_at == {path for method, path in SHOWN if method == "GET"} | OF_NO_PATIENT | OF_EVERYBODY | OF_PROGRAMS
    assert set(SHOWN) <= {(page.method, page.path) for page in ENDPOINTS}


@pytest.mark.parametrize(("method", "path"), list(SHOWN), ids=" ".join)
def test_whoever_looks_is_on_record(method: str, path: str, busy: tuple[Studio, Person]) -> None:
    """Page, picture, preview or PDF: the audit says who saw it, and of whom, by number."""
    studio, kim = busy
    address, fields = SHOWN[method, path]
    if "{group}" in address:
        asked(kim, "GET", "{group}", {})
    before = len(audit_lines(studio.store))
    answer = asked(kim, method, address, fields)
    assert answer.status_code == 200
    new = audit_lines(studio.store)[before:]
    assert "kim" in {line["who"] for line in new}
    if answer.headers["content-type"].split("/")[0] != "text":
        assert new[-1]["what"] in {"picture", "preview", "export", "print", "view"}


@pytest.mark.parametrize("path", sorted(path for path in OF_NO_PATIENT if "{" not in path))
def test_what_is_said_to_be_of_no_patient_is_no_picture(path: str, busy: tuple[Studio, Person]) -> None:
    """Pictures and PDFs are of somebody."""
    _, kim = busy
    assert kim.get(path).headers.get("content-type", "text/html").startswith("text/html")


@pytest.mark.parametrize("path", [path for (method, path) in SHOWN if method == "GET"])
def test_every_page_writes_days_in_one_way(path: str, busy: tuple[Studio, Person]) -> None:
    """Nov 3, 2026, whoever made the sentence: on one page 2026-11-28 stood beside Nov 28."""
    _, kim = busy
    address, fields = SHOWN["GET", path]
    answer = asked(kim, "GET", address, fields)
    if answer.headers["content-type"].startswith("text/html"):
        seen = re.sub(r"<[^>]+>", " ", answer.text)
        assert other_dates(seen) == []
