"""What a stranger writes on a slip, or sends to an address, does nothing but stand there."""

import random
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from schemas.office import Office
from schemas.users import Role
from store.directory import offices
from tests.web.browser import serving
from tests.web.simulated_slips import Doubts, reading_of, record_readings, truth_of
from tests.web.studio import Person, Studio
from web.routes import ENDPOINTS

MARKUP = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "'><svg onload=document.title='owned'>",
    "javascript:document.title='owned'",
    "{{ 7 * 7 }}{% for x in y %}",
    "</textarea><script>document.title='owned'</script>",
)
HOSTILE = (
    *MARKUP,
    "x" * 10_000,
    "\u202e\u2066 txet desrever",
    "a\x00b\x1b[31m\u2028c",
    "=cmd|' /C calc'!A0",
    "\ud83d\ude00" * 40,
)
ADDRESSES = ("/review", "/review/s1", "/groups", "/set-aside", "/referrals", "/referrals/1", "/offices", "/inbox")


def harmless(value: str) -> str:
    """As a reader's library would hand it over: what cannot be encoded is no text."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def fill(studio: Studio, value: str) -> None:
    """A waiting slip and a referral whose every written word is that, and an office of that name."""
    truth = truth_of(2001)
    text = {
        name: (harmless(value), harmless(value)[::-1])
        for name in ("patient_name", "diagnosis", "provider_name", "goals")
    }
    record_readings(studio, [reading_of(truth, Doubts(text=text))], [b"\x89PNG"])
    values = {name: harmless(value)[:90] or "x" for name in ("patient_name", "diagnosis", "provider_name", "goals")}
    record_readings(studio, [reading_of(truth_of(2002, **values))], [b"\x89PNG"])
    offices.add(
        studio.store, Office(id="evil", name="A " + harmless(value)[:100], contact=harmless(value)[:100]), "kim"
    )


def test_no_value_from_paper_runs_as_a_script(chromium: Browser) -> None:
    """On every page that shows it, in a real browser, with the content policy as a second net that is not needed."""
    with serving(chromium) as desk:
        fill(desk.studio, " ".join(MARKUP))
        page = desk.person()
        for address in ADDRESSES:
            page.goto(address)
            expect(page.get_by_role("heading").first).to_be_visible()
            assert "owned" not in page.title(), address
            assert page.locator("main script, main img[onerror], main svg[onload]").count() == 0, address
        page.goto("/referrals")
        page.get_by_role("searchbox").fill(MARKUP[1])
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("found")
        assert "owned" not in page.title()


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_every_page_holds_any_value(value: str, studio: Studio) -> None:
    """Markup, 10 kB, text that runs backwards, NUL, formulas: shown as they are, escaped, and never an error."""
    fill(studio, value)
    kim = studio.person()
    for address in ADDRESSES:
        answer = kim.get(address)
        assert answer.status_code == 200, address
        assert "\x00" not in answer.text
        assert not re.search(r"<(?:script>|img src=x|svg onload)", answer.text), address
    for field in ("patient_name", "diagnosis"):
        answer = kim.post(
            "/review/s1/edit", {"field": field, "value": value.encode("utf-8", "replace"), "version": "1"}
        )
        assert answer.status_code in {200, 409}
    found = kim.post("/search", {"query": value.encode("utf-8", "replace")})
    assert kim.get(found.headers["location"]).status_code == 200


NUMBERS = (
    "1",
    "2",
    "0",
    "-1",
    "999999999",
    "99999999999999999999",
    "1e3",
    "\u0661",
    "x",
    "%00",
    "%F0%9F%98%80",
    "..",
    "1;--",
)
# What a page may be asked for by name; quotes and line ends too, since an office's name goes into a header.
NAMES_IN_ADDRESSES = ("s1", "s2", "p1", "evil", "thank_you", "how_to_refer", "%22x", "a%0D%0AX-Evil:%201", "%C3%A9%00")
NAMES = (
    *(
        "field",
        "value",
        "act",
        "version",
        "pad",
        "serial",
        "why",
        "reason",
        "other",
        "name",
        "role",
        "password",
        "again",
    ),
    *("old", "query", "item", "slip", "verdict", "shown", "wrong", "id", "contact", "phone", "address", "slips", "up"),
    *("paper", "token"),
)
VALUES = (
    *NUMBERS,
    *MARKUP,
    "",
    "checked",
    "present",
    "met-1",
    "reviewer",
    "confirm",
    "s1",
    "p1",
    "a" * 5000,
    "\x00",
    "\u202e",
)


WITHOUT_FIELDS = {"/support-bundle"}  # it asks the doctor, for seconds, and nothing that was sent


def guesses(seed: int, count: int) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Requests at every address: random parts, random fields, random values."""
    chance = random.Random(seed)  # noqa: S311 - the same requests each time
    pages = [page for page in ENDPOINTS if page.path not in WITHOUT_FIELDS]
    for number in range(count):
        page = pages[number % len(pages)]
        address = re.sub(r"\{\w+\}", lambda _: chance.choice((*NUMBERS, *NAMES_IN_ADDRESSES)), page.path)
        if chance.random() < 0.3:
            address += f"?{chance.choice(NAMES)}={chance.choice(NUMBERS)}&before={chance.choice(NUMBERS)}&slip=1"
        fields = [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.randrange(6))]
        yield page.method, address, fields


REQUESTS = 1500


def test_no_request_however_wrong_breaks_the_server(studio: Studio) -> None:
    """Each address many times with parts, fields and values that make no sense: 4xx at worst, never 5xx."""
    fill(studio, MARKUP[0])
    people = [studio.person("ada", Role.ADMIN), studio.stranger()]
    broken = []
    for number, (method, address, fields) in enumerate(guesses(7, REQUESTS)):
        someone = people[number % 10 == 9]
        if someone.get("/me").status_code != 200 and someone is people[0]:
            people[0] = someone = signed_in_again(studio)
        answer = someone.get(address) if method == "GET" else someone.post(address, dict(fields))
        if answer.status_code >= 500:
            broken.append((answer.status_code, method, address, fields))
    assert broken == []


def signed_in_again(studio: Studio) -> Person:
    """The guesses also sign out, change passwords and remove users."""
    name = f"ada{len(studio.people)}"
    return studio.person(name, Role.ADMIN)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_there(method: str, studio: Studio) -> None:
    """What no page answers is answered as nothing, with the same safety headers."""
    answer = studio.person().client.request(method, "/review")
    assert answer.status_code in {404, 405}
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("office", ["nobody", "%22%0D%0AX-Evil%3A%201", "%00", "%C3%A9"])
@pytest.mark.parametrize("kind", ["how_to_refer", "keep_in_touch", "pad_cover"])
def test_a_letter_to_an_office_that_is_not_on_record_is_no_page(office: str, kind: str, studio: Studio) -> None:
    """It was made all the same, and its name went into a header as it was typed."""
    answer = studio.person().post(f"/offices/{office}/letters/{kind}")
    assert answer.status_code == 404
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("address", ["/tasks/999", "/letters/999", "/batches/999", "/review/s999", "/referrals/999"])
def test_what_is_not_on_record_is_told_without_a_command_to_type(address: str, studio: Studio) -> None:
    """404, and a sentence for somebody who sits at a page."""
    answer = studio.person().get(address)
    assert (answer.status_code, "refpad " in answer.text.partition("<main")[2]) == (404, False)


# What a model's own messages say, and no person: https://docs.pydantic.dev/latest/errors/validation_errors/
MODEL_WORDS = re.compile(
    r"should (be|have|match|not)|valid (string|integer|number|boolean|dictionary|list|tuple)|Field required|validation"
    r"|Value error|Extra inputs|[Dd]ictionary|pydantic|`\w+`|\w+_\w+ \("
)
ENTRY_FIELDS = (
    *("on", "next_visit_on", "sessions_attended", "improvements", "question", "outcome", "summary", "home_program"),
    *("observed_function", "measure_kind", "measure_of", "measure_side", "measure_value", "goal", "goal_state"),
    *("sessions_per_week", "minutes", "weeks", "exercises"),
)
WRONG = ("", "-1", "x", "999999", "1e400", "2026-02-30", "2026-11-20T10:00", "nan", "y" * 2000, "\u0661", "pain_0_10")


@pytest.mark.parametrize("kind", ["assessment", "progress", "discharge"])
def test_the_forms_of_a_course_answer_nonsense_in_plain_words(kind: str, studio: Studio) -> None:
    """ "Dictionary should have at least 1 item after validation" told nobody what to write."""
    record_readings(studio, [reading_of(truth_of(2002))], [b"\x89PNG"])
    kim = studio.person()
    address = f"/referrals/1/enter/{kind}/preview"
    for value in WRONG:
        answer = kim.post(address, dict.fromkeys(ENTRY_FIELDS, value))  # each field that it does not fit is told of
        assert answer.status_code == 422, value
        assert not MODEL_WORDS.search(answer.text), answer.text
    answer = kim.post(f"/referrals/1/enter/{kind}", {"act": "final", "on": "soon"})
    assert answer.status_code == 400
    assert "Date: write a date, as in 2026-11-20" in answer.text


def test_other_forms_answer_nonsense_in_plain_words(studio: Studio) -> None:
    """An office without a name, a name of 2,000 letters, an address that no mail reaches: told by field."""
    record_readings(studio, [reading_of(truth_of(2002))], [b"\x89PNG"])
    kim = studio.person()
    offices.add(studio.store, Office(id="north", name="Northside"), "kim")
    office = ("name", "contact", "phone", "fax", "email", "address", "prefers")
    forms = {
        "/offices": ("id", *office),
        "/offices/north": office,
        "/referrals/1/office": office,
        "/referrals/1/correct": ("patient_name", "patient_phone", "diagnosis", "signed_on", "next_visit_on"),
        "/referrals/1/visit": ("on",),
        "/tasks/2": ("until",),
    }
    for address, fields in forms.items():
        act = "add" if address.endswith("office") else "postpone"
        for value in WRONG:
            answer = kim.post(address, {"act": act, "reason": "misread", **dict.fromkeys(fields, value)})
            said = " ".join(re.findall(r'role="alert">([^<]*)<', answer.text))
            assert not MODEL_WORDS.search(said), (address, said)
            assert answer.status_code < 500
