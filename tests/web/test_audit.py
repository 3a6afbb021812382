"""Who looked at what: every page, picture and preview that shows something of a patient leaves its line."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from httpx2 import Response
from starlette.testclient import TestClient

from refpad.services.exports import export_referrals
from refpad.services.letters.chase import chase_all
from schemas.api import Scope
from schemas.office import Office
from schemas.users import Role
from store.database import Store
from store.directory import offices
from store.tables import office, referral
from store.users.api_tokens import add_token
from tests.audit import audit_lines
from tests.days import other_dates
from tests.web.scenes import set_the_scene
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import ORIGIN, Person, Studio, open_studio, scratch
from tests.web.views.test_today import FORM
from web.routes import ENDPOINTS
from web.studios import StudioDesks

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
    ("POST", "/patients"): ("/patients", {"query": "pemberton"}),
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
    *("/help", "/help/{chapter}", "/help/pictures/{name}", "/studios/{key}", "/arrive/{word}"),
}
CANARY = "Zyxwvut"  # stands in every name and sentence of the second studio, and nowhere else
SECOND_HOST = "http://north.localhost:4180"

# It takes an admin: tests/web/views/admin/test_backups.py, tests/web/views/admin/test_retention.py.
OF_EVERYBODY = {"/backups/{backup}/download", "/retention"}
# It takes a program's token: tests/web/views/connecting/test_api.py.
OF_PROGRAMS = {page.path for page in ENDPOINTS if page.path.startswith("/api/")}


@pytest.fixture(scope="module")
def second() -> Iterator[Studio]:
    """Another studio of the same installation, with one referral, its letter, an office and a slip in doubt."""
    with scratch() as folder, open_studio(folder, subdomain="north") as studio:
        offices.add(studio.store, Office(id="riverside", name=f"{CANARY} Office"), "root")
        written = {"provider_name": f"Dr. {CANARY}", "diagnosis": f"{CANARY} of the knee"}
        record_slip(studio, truth_of(2101, patient_name=f"Ada {CANARY}", **written))
        doubts = Doubts(text={"diagnosis": (f"{CANARY} of the knee",)})
        record_slip(studio, truth_of(2102, patient_name=f"Bea {CANARY}", **written), doubts)
        assert len(list(chase_all(studio.store, studio.settings))) > 0
        studio.add_user("kim", Role.ADMIN)
        yield studio


@pytest.fixture(scope="module")
def busy(second: Studio) -> Iterator[tuple[Studio, Person]]:
    """The middle of a day, with a batch of letters that is to be posted; one process serves another studio too."""
    with scratch() as folder, open_studio(folder) as studio:
        studio.app = second.app = StudioDesks([studio.app, second.app])  # type: ignore[list-item]
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
def test_whoever_looks_is_on_record(method: str, path: str, busy: tuple[Studio, Person], second: Studio) -> None:
    """Page, picture, preview or PDF: the audit says who saw it, and of whom, by number; of one studio alone."""
    studio, kim = busy
    address, fields = SHOWN[method, path]
    if "{group}" in address:
        asked(kim, "GET", "{group}", {})
    before, elsewhere = len(audit_lines(studio.store)), len(audit_lines(second.store))
    answer = asked(kim, method, address, fields)
    assert answer.status_code == 200
    assert CANARY not in answer.text
    assert len(audit_lines(second.store)) == elsewhere
    new = audit_lines(studio.store)[before:]
    assert "kim" in {line["who"] for line in new}
    if answer.headers["content-type"].split("/")[0] != "text":
        assert new[-1]["what"] in {"picture", "preview", "export", "print", "view"}


@pytest.mark.parametrize("path", sorted(path for path in OF_NO_PATIENT if "{" not in path))
def test_what_is_said_to_be_of_no_patient_is_no_picture(path: str, busy: tuple[Studio, Person]) -> None:
    """Pictures and PDFs are of somebody."""
    _, kim = busy
    answer = kim.get(path)
    assert answer.headers.get("content-type", "text/html").startswith("text/html")
    assert CANARY not in answer.text  # nor of anybody at another studio


@pytest.mark.parametrize("path", [path for (method, path) in SHOWN if method == "GET"])
def test_every_page_writes_days_in_one_way(path: str, busy: tuple[Studio, Person]) -> None:
    """Nov 3, 2026, whoever made the sentence: on one page 2026-11-28 stood beside Nov 28."""
    _, kim = busy
    address, fields = SHOWN["GET", path]
    answer = asked(kim, "GET", address, fields)
    if answer.headers["content-type"].startswith("text/html"):
        seen = re.sub(r"<[^>]+>", " ", answer.text)
        assert other_dates(seen) == []


def north_of(busy: tuple[Studio, Person], second: Studio) -> Person:
    """Somebody signed in at the second studio, through the process that serves both."""
    assert busy[0].app is second.app
    client = TestClient(second.app, base_url=SECOND_HOST, follow_redirects=False)  # type: ignore[arg-type]
    kim = Person(client, origin=SECOND_HOST)
    assert kim.sign_in("kim").status_code == 303
    return kim


def words_of(store: Store) -> set[str]:
    """The patients, providers and offices that a record knows, as they are written."""
    with store.read() as connection:
        records = connection.execute(sa.select(referral.c.record)).scalars()
        people = {record[name] for record in records for name in ("patient_name", "provider_name")}
        return people | set(connection.execute(sa.select(office.c.name)).scalars())


def test_no_page_search_export_or_file_of_a_studio_shows_anything_of_another(
    busy: tuple[Studio, Person], second: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    """One process serves both, and that is all they share: the second shows its own names and none of the first."""
    first, kim = busy
    north, others = north_of(busy, second), words_of(first.store)
    assert len(others) > 10
    addresses = [page for (method, _), (page, _) in SHOWN.items() if method == "GET" and "{" not in page]
    addresses += ["/offices", "/activity", "/people", "/retention", "/exports/follow-ups", "/tasks/1/letter"]
    addresses += [north.post("/search", {"query": name}).headers["location"] for name in ("iverson", "riverside")]
    told = {address: north.get(address).text for address in addresses}
    assert sum(CANARY in text for text in told.values()) > 8
    assert {(address, name) for address, text in told.items() for name in others if name in text} == set()
    assert CANARY not in kim.get(kim.post("/search", {"query": CANARY.casefold()}).headers["location"]).text
    program = {"Authorization": f"Bearer {add_token(second.store, 'a program', [Scope.REFERRALS], 'kim')}"}
    assert CANARY in north.get("/api/v1/referrals", **program).text
    assert kim.get("/api/v1/referrals", **program).status_code == 401
    export_referrals(first.store, first.settings.exports)
    kept = [path.read_bytes() for path in first.settings.folder.rglob("*") if path.is_file()]
    assert [content for content in kept if CANARY.encode() in content] == []
    assert CANARY not in caplog.text


def test_a_session_a_form_and_a_name_of_one_studio_are_worth_nothing_at_another(
    busy: tuple[Studio, Person], second: Studio
) -> None:
    """Cookies are named by record, forms by the page's origin, and a name that no studio has is refused."""
    _, kim = busy
    north = north_of(busy, second)
    assert north.post("/sessions", {}, Origin=ORIGIN).status_code == 403
    north.client.cookies.clear()
    north.client.cookies.update(dict(kim.client.cookies))
    assert north.get("/patients").headers["location"] == "/login"
    nowhere = TestClient(second.app, base_url="http://south.localhost:4180")  # type: ignore[arg-type]
    assert nowhere.get("/login").status_code == 421
