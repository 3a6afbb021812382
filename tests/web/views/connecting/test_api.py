"""The API: a token opens what its scopes name and nothing else, and leaves its line."""

import json
import logging
import sqlite3
from collections.abc import Mapping
from datetime import timedelta

import pytest
from httpx2 import Response
from jsonschema import Draft202012Validator

from schemas.api import Scope
from schemas.time_spent import Spent
from schemas.users import Role
from schemas.webhook import WebhookEvent
from store.review.withdraw import withdraw
from store.users.api_tokens import add_token, tokens
from store.webhooks.messages import plan_messages
from store.webhooks.webhooks import add_webhook
from store.workers.reading_times import keep_times
from tests.audit import audit_lines
from tests.fake_reader import slip_reading
from tests.schemas.examples import text
from tests.store.helpers import recorded, taken
from tests.web.studio import Studio

ALL = tuple(Scope)
METRICS = "/api/v1/metrics"
DESCRIBED = {
    "/api/v1/referrals": "/api/v1/referrals",
    "/api/v1/referrals/1": "/api/v1/referrals/{referral}",
    "/api/v1/follow-ups": "/api/v1/follow-ups",
    "/api/v1/follow-ups/1": "/api/v1/follow-ups/{follow_up}",
    "/api/v1/changes": "/api/v1/changes",
}
PAGES = tuple(DESCRIBED)


@pytest.fixture(autouse=True)
def record(studio: Studio) -> None:
    """Two referrals."""
    people = {b"a": ("Ada Quill", "+12125550142"), b"b": ("Omar Haddad", "+19175550131")}
    for content, (name, phone) in people.items():
        said = {"patient_name": name, "patient_phone": phone, "signed_on": studio.clock.today().isoformat()}
        read = slip_reading(serial=None)
        words = read.text | {field: text(value) for field, value in (said | {"next_visit_on": ""}).items()}
        claim = taken(studio.store, studio.settings.inbox / "scan.pdf", content)
        assert recorded(studio.store, claim, read.model_copy(update={"text": words})).accepted == 1


def made(studio: Studio, *scopes: Scope) -> str:
    return add_token(studio.store, "the registry", scopes, "ada")


def asked(studio: Studio, address: str, token: str) -> Response:
    return studio.stranger().get(address, Authorization=f"Bearer {token}")


def told(studio: Studio, address: str, token: str) -> Mapping[str, object]:
    answer = asked(studio, address, token)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return dict(answer.json())


def test_how_the_work_goes_is_told_in_figures_and_names_nobody(studio: Studio) -> None:
    """Prometheus keeps what it reads for months on a machine that is no part of the record."""
    add_webhook(studio.store, "https://registry.example/hook", [WebhookEvent.ACCEPTED], "ada")
    plan_messages(studio.store)
    taken(studio.store, studio.settings.inbox / "Quill.pdf", b"c")
    with keep_times(studio.store) as keep:
        keep({"text": Spent(seconds=0.5, count=2)})
    studio.clock.move(timedelta(seconds=90))
    answer = asked(studio, METRICS, made(studio, Scope.METRICS))
    figures = {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in answer.text.splitlines() if line[0] != "#"
    }
    assert figures['refpad_slips{state="accepted"}'] == 2
    assert figures['refpad_files{state="waiting"}'] == figures["refpad_files_to_read"] == 1
    assert figures["refpad_oldest_waiting_seconds"] == 90
    assert figures["refpad_files_read_last_minute"] == 0
    assert figures['refpad_reading_seconds_sum{stage="text"}'] == 0.5
    assert figures['refpad_reading_seconds_count{stage="text"}'] == 2
    assert figures['refpad_reading_seconds_count{stage="open"}'] == 0
    assert figures['refpad_letters{state="waiting"}'] == 2
    assert figures['refpad_webhook_messages_waiting{webhook="1"}'] == 0
    for word in ("Quill", "Haddad", "555", "registry", "scan.pdf", "123"):
        assert word not in answer.text
    assert [asked(studio, path, made(studio, Scope.METRICS)).status_code for path in PAGES] == [403] * len(PAGES)
    assert asked(studio, METRICS, made(studio, Scope.REFERRALS)).status_code == 403


def test_everything_is_read_a_page_at_a_time_and_then_what_changed(studio: Studio) -> None:
    """Pages join without a gap; behind the cursor of the first stands what happened since."""
    token = made(studio, *ALL)
    first = told(studio, "/api/v1/referrals?limit=1", token)
    second = told(studio, f"/api/v1/referrals?limit=1&after={first['next_after']}", token)
    names = [page["referrals"][0]["referral"]["patient_name"] for page in (first, second)]  # type: ignore[index]
    assert names == ["Ada Quill", "Omar Haddad"]
    assert told(studio, "/api/v1/referrals?after=2", token)["referrals"] == []
    assert told(studio, "/api/v1/referrals/1", token)["referral_id"] == "1"
    first_two = told(studio, "/api/v1/follow-ups?limit=2", token)["follow_ups"]
    assert [told(studio, f"/api/v1/follow-ups/{number}", token) for number in (1, 2)] == first_two
    since = f"/api/v1/changes?since={first['cursor']}"
    assert told(studio, since, token) == {"changes": [], "cursor": first["cursor"], "more": False}
    withdraw(studio.store, 2, "kim")
    changed = told(studio, since, token)["changes"]
    assert {"noun": "referral", "number": 2, "what": "withdrawn"}.items() <= changed[-1].items()  # type: ignore[index]


@pytest.mark.parametrize("path", PAGES)
def test_a_token_opens_its_scopes_and_no_other(path: str, studio: Studio) -> None:
    """Nothing, a wrong token, one revoked, a cookie, another scope, one stolen from the database: no."""
    right = made(studio, *ALL)
    assert asked(studio, path, right).status_code == 200
    kept = (
        sqlite3.connect(str(studio.store.engine.url.database)).execute("SELECT token_hash FROM api_token").fetchone()[0]
    )
    for wrong in ("", "refpad_x", right[:-1], kept):
        answer = asked(studio, path, wrong)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert studio.person("ada", Role.ADMIN).get(path).status_code == 401
    scope = Scope.FOLLOW_UPS if "referrals" in path else Scope.REFERRALS
    narrow = asked(studio, path, made(studio, scope))
    assert narrow.status_code == (200 if path.endswith("changes") else 403)
    if path.endswith("changes"):
        nouns = {change["noun"] for change in narrow.json()["changes"]}
        assert nouns == {"referral"}
    assert studio.person("ada").post("/programs/tokens/1/revoke").status_code == 303
    assert asked(studio, path, right).status_code == 401


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/referrals/99", 404),
        ("/api/v1/referrals/x", 404),
        ("/api/v1/follow-ups/99", 404),
        ("/api/v1/referrals?limit=0", 400),
        ("/api/v1/referrals?limit=201", 400),
        ("/api/v1/follow-ups?after=x", 400),
        ("/api/v1/changes?since=9-00000000", 400),
        ("/api/v1/patients", 404),
        ("/api/v1", 404),
        ("/api/v1/referrals/", 404),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence_of_json(address: str, status: int, studio: Studio) -> None:
    """A program that is written against it sees why."""
    answer = asked(studio, address, made(studio, *ALL))
    assert (answer.status_code, list(answer.json())) == (status, ["problem"])
    assert studio.stranger().post(address.partition("?")[0]).json().keys() == {"problem"}
    elsewhere = studio.stranger().get(address, Host="north.localhost:4180")  # a studio's that was closed
    assert (elsewhere.status_code, list(elsewhere.json())) == (421, ["problem"])


def test_wrong_tokens_wait_like_wrong_passwords_and_a_right_one_never(studio: Studio) -> None:
    """Guessing gets slower and slower; the program that has a token is not held up by somebody's guesses."""
    token = made(studio, *ALL)
    statuses = {asked(studio, PAGES[0], f"refpad_{number}").status_code for number in range(40)}
    assert statuses == {401, 429} or statuses == {401}
    assert len(studio.app.state.services.now().tools.logins) > 0
    assert asked(studio, PAGES[0], token).status_code == 200


def test_a_program_that_asks_without_end_is_told_when_to_go_on_and_no_other_waits(studio: Studio) -> None:
    """One script in a loop must not take the front desk from people, nor its turn from another program."""
    token, other = made(studio, *ALL), made(studio, *ALL)
    rates = studio.app.state.services.now().tools.rates
    assert asked(studio, PAGES[0], token).status_code == 200
    while not rates.wait_s(1):
        pass
    refused = asked(studio, PAGES[0], token)
    assert (refused.status_code, refused.headers["retry-after"], list(refused.json())) == (429, "1", ["problem"])
    assert asked(studio, PAGES[0], other).status_code == 200


def test_what_a_program_read_is_on_record_and_nobody_is_named_in_a_log(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    """Who read how much is in the audit under the token's number; no patient or token is in it, or in a log."""
    token = made(studio, *ALL)
    with caplog.at_level(logging.DEBUG):
        for path in (*PAGES, "/api/v1/referrals/99", "/api/v1/changes?since=Quill"):
            asked(studio, path, token)
        asked(studio, PAGES[0], "refpad_Quill")
    lines = [line for line in audit_lines(studio.store) if line["who"] == "token 1"]
    assert [(line["what"], line["subject"]) for line in lines] == [
        ("export", "referrals"),
        ("view", "referral 1"),
        ("export", "followups"),
        ("view", "follow_up 1"),
    ]
    own = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    said = json.dumps(audit_lines(studio.store), default=str) + "\n".join(own)
    for secret in ("Quill", "Haddad", "5550142", "5550131", token):
        assert secret not in said


def test_the_api_is_described_as_it_answers(studio: Studio) -> None:
    """Every address is in the document, and each answer is as it says; it needs no token and no other host."""
    document = studio.stranger().get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {*DESCRIBED.values(), METRICS}
    token = made(studio, *ALL)
    for path in PAGES:
        answers = document["paths"][DESCRIBED[path]]["get"]["responses"]
        for status, answer in (("200", asked(studio, path, token)), ("401", asked(studio, path, ""))):
            schema = answers[status]["content"]["application/json"]["schema"]
            Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json())


def test_an_admin_makes_a_token_and_it_is_shown_once(studio: Studio) -> None:
    """Its name and scopes stay on the page, the token does not; without a name or a scope there is none."""
    ada = studio.person("ada", Role.ADMIN)
    made_now = ada.post("/programs/tokens", {"name": "The registry", "scope": "referrals"})
    [token] = tokens(studio.store)
    assert (token.name, token.scopes, token.made_by) == ("The registry", (Scope.REFERRALS,), "ada")
    assert "refpad_" in made_now.text
    assert "refpad_" not in ada.get("/programs").text
    assert ada.post("/programs/tokens", {"name": "x", "scope": "referrals"}).status_code == 400
    assert ada.post("/programs/tokens", {"name": "The registry"}).status_code == 400
    assert ada.post("/programs/tokens", {"name": "The registry", "scope": "all"}).status_code == 400
    assert ada.post("/programs/tokens/9/revoke").status_code == 404
