"""Security: which addresses there are, who may open them, and what every answer carries."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from schemas.users import Role
from store.database import open_store
from tests.web.studio import PASSWORD, QUICK, Studio
from web.app import make_app
from web.routes import ENDPOINTS
from web.security import Access
from web.services.tools import Tools

# Every address and whom it is for, written out a second time on purpose: whoever opens a page to more people, or
# adds one, says so here too.
TABLE = {
    "GET /static/{mark}/{name}": "anybody",
    "GET /login": "anybody",
    "POST /login": "anybody",
    "GET /first/{word}": "anybody",
    "POST /first/{word}": "anybody",
    "POST /logout": "reviewer",
    "POST /stay": "reviewer",
    "GET /me": "reviewer",
    "POST /me": "reviewer",
    "GET /": "reviewer",
    "GET /tasks/{task}": "reviewer",
    "POST /tasks/{task}": "reviewer",
    "GET /tasks/{task}/letter": "reviewer",
    "GET /letters": "reviewer",
    "POST /letters/make": "reviewer",
    "POST /letters/print": "reviewer",
    "GET /letters/{letter}": "reviewer",
    "POST /letters/{letter}": "reviewer",
    "GET /letters/{letter}/picture": "reviewer",
    "GET /letters/{letter}/pdf": "reviewer",
    "GET /batches/{batch}": "reviewer",
    "POST /batches/{batch}": "reviewer",
    "GET /review": "reviewer",
    "GET /review/next": "reviewer",
    "GET /review/{item}": "reviewer",
    "POST /review/{item}/edit": "reviewer",
    "POST /review/{item}/undo": "reviewer",
    "POST /review/{item}/accept": "reviewer",
    "POST /review/{item}/reject": "reviewer",
    "POST /review/{item}/duplicate": "reviewer",
    "POST /review/{item}/missing": "reviewer",
    "POST /review/{item}/code": "reviewer",
    "POST /codes": "reviewer",
    "POST /review/{item}/here": "reviewer",
    "GET /review/{item}/office": "reviewer",
    "POST /review/{item}/office": "reviewer",
    "GET /review/{item}/beside/{other}": "reviewer",
    "GET /slips/{slip}/picture": "reviewer",
    "GET /files/{file}/pages/{page}": "reviewer",
    "GET /groups": "reviewer",
    "GET /groups/{key}": "reviewer",
    "POST /groups/{key}": "reviewer",
    "GET /groups/{key}/picture": "reviewer",
    "GET /quality": "reviewer",
    "POST /quality/reset": "reviewer",
    "GET /set-aside": "reviewer",
    "POST /set-aside/back": "reviewer",
    "GET /set-aside/{file}": "reviewer",
    "POST /set-aside/{file}/again": "reviewer",
    "POST /set-aside/{file}/settle": "reviewer",
    "GET /referrals": "reviewer",
    "POST /search": "reviewer",
    "GET /search/{search}": "reviewer",
    "GET /referrals/{referral}": "reviewer",
    "POST /referrals/{referral}/visit": "reviewer",
    "GET /referrals/{referral}/correct": "reviewer",
    "POST /referrals/{referral}/correct": "reviewer",
    "GET /referrals/{referral}/office": "reviewer",
    "POST /referrals/{referral}/office": "reviewer",
    "GET /referrals/{referral}/enter/{kind}": "reviewer",
    "POST /referrals/{referral}/enter/{kind}": "reviewer",
    "POST /referrals/{referral}/enter/{kind}/preview": "reviewer",
    "POST /referrals/{referral}/enter/{kind}/keep": "reviewer",
    "POST /referrals/{referral}/enter/{kind}/discard": "reviewer",
    "POST /sessions": "reviewer",
    "POST /appointments/{appointment}": "reviewer",
    "GET /referrals/{referral}/sessions": "reviewer",
    "POST /slips/{slip}/withdraw": "reviewer",
    "GET /offices": "reviewer",
    "POST /offices": "reviewer",
    "GET /offices/{office}": "reviewer",
    "POST /offices/{office}": "reviewer",
    "GET /offices/{office}/merge": "reviewer",
    "POST /offices/{office}/merge": "reviewer",
    "POST /offices/{office}/unmerge": "reviewer",
    "POST /offices/{office}/outreach": "reviewer",
    "POST /outreach/{outreach}/cancel": "reviewer",
    "POST /offices/{office}/pads": "reviewer",
    "POST /offices/{office}/letters/{kind}": "reviewer",
    "GET /patients": "reviewer",
    "GET /patients/{patient}": "reviewer",
    "GET /patients/{patient}/merge": "reviewer",
    "POST /patients/{patient}/merge": "reviewer",
    "POST /patients/{patient}/unmerge": "reviewer",
    "POST /patients/{patient}/apart": "reviewer",
    "POST /patients/{patient}/ask": "reviewer",
    "POST /patients": "reviewer",
    "GET /providers/{provider}": "reviewer",
    "POST /providers/{provider}": "reviewer",
    "GET /providers/{provider}/merge": "reviewer",
    "POST /providers/{provider}/merge": "reviewer",
    "POST /providers/{provider}/unmerge": "reviewer",
    "GET /inbox": "reviewer",
    "GET /inbox/progress": "reviewer",
    "POST /inbox/upload": "reviewer",
    "GET /help": "reviewer",
    "GET /help/{chapter}": "reviewer",
    "GET /help/pictures/{name}": "reviewer",
    "GET /studios/{key}": "reviewer",
    "GET /arrive/{word}": "anybody",
    "GET /activity": "admin",
    "GET /exports": "reviewer",
    "GET /exports/{what}": "reviewer",
    "GET /calendar/{token}.ics": "anybody",
    "POST /calendar": "reviewer",
    "POST /calendar/{calendar}/revoke": "reviewer",
    "GET /api/v1/referrals": "program",
    "GET /api/v1/referrals/{referral}": "program",
    "GET /api/v1/follow-ups": "program",
    "GET /api/v1/follow-ups/{follow_up}": "program",
    "GET /api/v1/changes": "program",
    "GET /api/v1/metrics": "program",
    "GET /api/v1/openapi.json": "anybody",
    "GET /programs": "admin",
    "POST /programs/tokens": "admin",
    "POST /programs/webhooks": "admin",
    "POST /programs/webhooks/{number}": "admin",
    "POST /programs/tokens/{number}/revoke": "admin",
    "GET /backups": "admin",
    "POST /backups/write": "admin",
    "POST /backups/acknowledge": "admin",
    "GET /backups/{backup}/download": "admin",
    "GET /retention": "admin",
    "POST /retention/purge": "admin",
    "POST /referrals/{referral}/hold": "admin",
    "POST /referrals/{referral}/lift": "admin",
    "GET /people": "admin",
    "POST /people/add": "admin",
    "POST /people/link": "admin",
    "POST /people/remove": "admin",
    "GET /settings": "admin",
    "GET /setup/{section}": "admin",
    "POST /settings/{section}": "admin",
    "GET /settings/logo": "admin",
    "POST /settings/logo/upload": "admin",
    "POST /settings/mail/test": "admin",
    "POST /support-bundle": "admin",
}
EVERY = [pytest.param(*address.split(" "), access, id=address) for address, access in TABLE.items()]


def test_no_page_is_there_that_the_table_does_not_name(studio: Studio) -> None:
    """Neither in our list nor in what Starlette serves."""
    app = make_app(studio.settings, studio.store)
    assert isinstance(app, Starlette)
    served = set()
    for route in app.routes:
        assert isinstance(route, Route)
        served |= {f"{method} {route.path}" for method in route.methods or ()} - {f"HEAD {route.path}"}
    assert {f"{endpoint.method} {endpoint.path}": endpoint.access.value for endpoint in ENDPOINTS} == TABLE
    assert served == set(TABLE)


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path)


@pytest.mark.parametrize(("method", "path", "whom"), EVERY)
def test_each_page_lets_in_whom_the_table_says(method: str, path: str, whom: str, studio: Studio) -> None:
    """A stranger, a reviewer and an admin at every page, each with a good form."""
    people = {"stranger": studio.stranger(), "reviewer": studio.person(), "admin": studio.person("ada", Role.ADMIN)}
    for name, someone in people.items():
        answer = someone.get(filled(path)) if method == "GET" else someone.post(filled(path))
        asked = answer.status_code == 401 or answer.headers.get("location") == "/login"
        refused = "for admins" in answer.text
        if name == "stranger":
            assert (asked or path == "/login") == (whom != "anybody" or path == "/login")
        elif name == "reviewer":
            assert refused == (whom == "admin")
        else:
            assert not refused


@pytest.mark.parametrize(("method", "path", "whom"), EVERY)
def test_no_other_page_can_send_our_forms(method: str, path: str, whom: str, studio: Studio) -> None:
    """Cross-site request forgery: without our token or from another origin, nothing is done."""
    if method == "GET":
        assert studio.person("ada", Role.ADMIN).client.post(filled(path)).status_code in {403, 404}
        return
    admin = studio.person("ada", Role.ADMIN)
    assert admin.post(filled(path), Origin="https://evil.example").status_code == 403
    assert admin.post(filled(path), Origin="null").status_code == 403
    admin.token = "guessed"  # noqa: S105 - it is no password
    assert admin.post(filled(path)).status_code == 403


@pytest.mark.parametrize("path", ["/login", "/me", "/nowhere", "/static/1/desk.css", "/first/x"])
def test_every_answer_forbids_what_a_page_could_be_made_to_do(path: str, studio: Studio) -> None:
    """No inline script or style, no frame, no guessing of types, nothing kept in a browser's cache."""
    headers = studio.person().get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_another_hosts_name_is_refused(studio: Studio) -> None:
    """DNS rebinding: a page of evil.example whose name suddenly means 127.0.0.1 gets nothing."""
    assert studio.stranger().get("/login", Host="evil.example").status_code == 421


def test_a_page_is_found_with_a_stroke_behind_its_address_and_nothing_leads_elsewhere(studio: Studio) -> None:
    """Somebody typed it; an address that begins with two strokes is a path of ours, and no other host's name."""
    for typed, led in (("/review/", "/review"), ("//evil.example/", "//evil.example")):
        answer = studio.stranger().client.get(f"http://127.0.0.1:4180{typed}")
        assert (answer.status_code, answer.headers["location"]) == (307, f"http://127.0.0.1:4180{led}")


def test_behind_a_proxy_only_its_name_is_ours(studio: Studio) -> None:
    """With an origin set, the cookie travels encrypted only and local names are no longer ours."""
    settings = studio.settings.model_copy(
        update={"front_desk": studio.settings.front_desk.model_copy(update={"origin": "https://desk.example"})}
    )
    studio.add_user("kim")
    client = TestClient(make_app(settings, studio.store), base_url="https://desk.example", follow_redirects=False)
    answer = client.post(
        "/login", data={"name": "kim", "password": PASSWORD}, headers={"Origin": "https://desk.example"}
    )
    assert "Secure" in answer.headers["set-cookie"]
    assert client.get("/login", headers={"Host": "127.0.0.1:4180"}).status_code == 421


def test_practice_and_the_real_work_are_open_in_one_browser(studio: Studio, tmp_path: Path) -> None:
    """Browsers do not separate cookies by port: signing in at one desk signed one out of the other."""
    with closing(open_store(f"sqlite:///{tmp_path / 'refpad.sqlite'}", tmp_path, studio.clock)) as store:
        app = make_app(studio.settings, store, Tools(passwords=QUICK))
        practice = Studio(studio.settings, store, studio.clock, app, studio.rules)
        practice.add_user("kim")
        work, other = studio.person(), practice.stranger()
        other.client.cookies = work.client.cookies
        assert other.get("/").headers["location"] == "/login"
        assert other.sign_in("kim").status_code == 303
        assert (work.get("/").status_code, other.get("/").status_code) == (200, 200)
        other.post("/logout")
        assert (work.get("/").status_code, other.get("/").status_code) == (200, 303)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"a=" + b"x" * 400_000, "application/x-www-form-urlencoded", 400),
        (b"&".join([b"a=1"] * 3000), "application/x-www-form-urlencoded", 400),
        (b'{"name": "kim"}', "application/json", 400),
        (b"name=%ff%00%ed%a0%80&password=%00", "application/x-www-form-urlencoded", 401),
        (b"", "application/x-www-form-urlencoded", 401),
    ],
)
def test_a_form_that_is_none_is_refused_in_a_sentence(content: bytes, kind: str, status: int, studio: Studio) -> None:
    """Too large, too many fields, another type, bytes that are no text."""
    headers = {"Origin": "http://127.0.0.1:4180", "Content-Type": kind}
    assert studio.stranger().client.post("/login", content=content, headers=headers).status_code == status


def test_access_of_a_role_includes_that_of_the_roles_below() -> None:
    """An admin is a reviewer too."""
    assert Role.ADMIN.may(Role.REVIEWER)
    assert not Role.REVIEWER.may(Role.ADMIN)
    assert not Access.REVIEWER.allows(None)
