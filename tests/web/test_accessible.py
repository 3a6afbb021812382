"""WCAG 2.2 AA on every page, in light, and in dark at 200% zoom, and every page on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from schemas.office import Office
from schemas.studio import Studio
from schemas.users import Role
from store.directory import offices
from store.users import users
from tests.web.browser import NARROW, WIDE, ZOOMED, FrontDesk, serving, violations
from tests.web.scenes import PLACES, set_the_scene
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from web.routes import ENDPOINTS

# Offices of 76, 98 and, without a space to break at, 120 characters, as the record takes them.
LONG_NAMES = (
    "Lakeside Orthopedic and Sports Medicine Associates of Northern Illinois, LLC",
    "Lakeside Orthopedic, Spine and Sports Medicine Associates of Northern Illinois and South Wisconsin",
    "Lakeside" + "x" * 112,
)


@pytest.fixture(scope="module")
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    """A desk in the middle of a day: every page has something to show."""
    with serving(chromium) as opened:
        set_the_scene(opened.studio)
        for number, name in enumerate(LONG_NAMES):
            offices.add(opened.studio.store, Office(id=f"long-{number}", name=name), "kim")
        yield opened


@pytest.fixture(scope="module", params=["light", "dark and zoomed"])
def page(desk: FrontDesk, request: pytest.FixtureRequest) -> Page:
    """A window of 1280 px; and one in dark at 200% zoom, which has half as many."""
    if request.param == "light":
        return desk.person("ada", Role.ADMIN)
    return desk.person("ada", Role.ADMIN, scheme="dark", size=ZOOMED)


@pytest.fixture(scope="module")
def phone(desk: FrontDesk) -> Page:
    return desk.person("ada", Role.ADMIN, size=NARROW)


def test_every_page_is_among_those_looked_at() -> None:
    """A new page comes with its place in the scene, or it would be looked at by nobody."""
    shown = {endpoint.path for endpoint in ENDPOINTS if endpoint.method == "GET"} - NOT_PAGES
    patterns = {path: re.compile(re.sub(r"\{\w+\}", r"[^/?]+", path)) for path in shown}
    seen = {
        path for path, pattern in patterns.items() if any(pattern.fullmatch(place.split("?")[0]) for place in PLACES)
    }
    assert shown == seen


# Pictures, parts of pages, and what only leads on.
NOT_PAGES = {
    "/static/{mark}/{name}",
    "/referrals/{referral}/sessions",
    "/first/{word}",
    "/studios/{key}",
    "/arrive/{word}",
    "/login",
    "/review/next",
    "/slips/{slip}/picture",
    "/files/{file}/pages/{page}",
    "/groups/{key}/picture",
    "/inbox/progress",
    "/settings/logo",
    "/backups/{backup}/download",
    "/tasks/{task}/letter",
    "/letters/{letter}/picture",
    "/letters/{letter}/pdf",
    "/batches/{batch}",
    "/exports/{what}",
    "/help/pictures/{name}",
    "/calendar/{token}.ics",
    *(endpoint.path for endpoint in ENDPOINTS if endpoint.path.startswith("/api/")),
}


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing(place: str, page: Page) -> None:
    """Names, roles, contrast, structure; every fault would shut somebody out."""
    visit(page, place)
    assert violations(page) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_phone_needs_no_sideways_scrolling(place: str, phone: Page) -> None:
    """WCAG 1.4.10: wide tables scroll within themselves, the page does not."""
    visit(phone, place)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_long_name_of_a_box_stays_in_its_card(phone: Page) -> None:
    """A pad of one's own may have longer ones than ours: they wrap."""
    visit(phone, "/referrals/1")
    phone.locator("dd .state").first.evaluate(
        "word => { word.textContent = 'Ligament or rotator cuff repair, '.repeat(3); }"
    )
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


# What stands further right than the card that it is in.
BURSTS = """() => [...document.querySelectorAll(".card *:not(.gone, .scroll *, [hidden])")].filter((one) => {
    const box = one.getBoundingClientRect(), card = one.closest(".card").getBoundingClientRect();
    return box.width && box.right > card.right + 1;
}).map((one) => one.outerHTML.slice(0, 80))"""


# Each page on which all offices can be chosen, or one that is named stands.
NAMING_OFFICES = (
    "/offices",
    "/offices/riverside",
    "/offices/long-1",
    "/offices/long-2",
    "/offices/riverside/merge?into=long-2",
    "/offices/long-2/merge?into=riverside",
    "/referrals/1/correct",
    "/referrals/1/office",
)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_long_name_of_an_office_stays_in_its_card(size: dict[str, int], desk: FrontDesk) -> None:
    """A list of offices was as wide as its longest name: it burst its card, and a phone scrolled sideways."""
    page = desk.person("ada", Role.ADMIN, size=size)
    for place in NAMING_OFFICES:
        visit(page, place)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (page.evaluate(BURSTS), width) == ([], size["width"]), place


# What stands beside each other in the bar, what of it does not fit its room, and the menu's entries that are not seen.
OVERLAPS = """() => { const box = (name) => document.querySelector(name).getBoundingClientRect();
    const brand = box(".brand span"); return [".find", ".menu summary", ".top nav"].map(box).some((other) =>
        brand.right > other.left && brand.left < other.right && brand.bottom > other.top && brand.top < other.bottom);
}"""
HIDDEN = """() => { const menu = document.querySelector(".top nav").getBoundingClientRect();
    return [...document.querySelectorAll(".top nav a")].filter((link) => {
        const box = link.getBoundingClientRect();
        return box.left < menu.left - 1 || box.right > Math.min(menu.right, innerWidth) + 1;
    }).map((link) => link.textContent); }"""
CUT_SHORT = """() => [...document.querySelectorAll(".brand span, .top nav")].filter((one) =>
    one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2).map((one) => one.textContent)"""
CUT_OFF = """() => [...document.querySelectorAll("main button, main td, main th")].filter((one) => {
    const box = one.getBoundingClientRect(); return box.width && box.right > innerWidth;
}).map((one) => one.textContent.trim())"""


@pytest.mark.parametrize("place", ["/inbox", "/set-aside", "/review", "/people", "/referrals", "/referrals/1"])
def test_nothing_of_a_table_is_cut_off_on_a_phone(place: str, desk: FrontDesk, phone: Page) -> None:
    """Whoever sees no status, and no button, does not know that there is one to scroll to."""
    visit(phone, place)
    assert phone.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("length", [23, 60])
def test_a_long_name_of_the_studio_covers_nothing(length: int, chromium: Browser) -> None:
    """It is read in full, and so is the whole menu, beside whoever is signed in: on a phone, a tablet and a screen."""
    name = ("Lakeside Medical Exercise and " * 3)[:length].strip()
    with serving(chromium, letterhead=Studio(name=name)) as opened:
        page = opened.person("alexandra.kowalczyk-whitmore", Role.ADMIN)
        for width in (390, 765, 1280):
            page.set_viewport_size({"width": width, "height": 860})
            assert (page.evaluate(HIDDEN), page.evaluate(CUT_SHORT), page.evaluate(OVERLAPS)) == ([], [], False), width
        expect(page.locator(".brand")).to_have_text(name)


def test_a_name_of_three_words_needs_no_third_line_beside_the_menu(chromium: Browser) -> None:
    """The three lines of "Harbor Medical Exercise" filled the bar of a usual screen to its edges, and looked cut."""
    lines = "one => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"
    with serving(chromium, letterhead=Studio(name="Harbor Medical Exercises")) as opened:
        for number in range(10):
            record_slip(opened.studio, truth_of(2600 + number), Doubts(signature=True), b"\x89PNG")
        page = opened.person("alexandra.kowalczyk-whitmore", Role.ADMIN)
        for width in (1160, 1280, 1440):
            page.set_viewport_size({"width": width, "height": 860})
            assert page.locator(".brand span").evaluate(lines) < 2.5, width
            assert (page.evaluate(HIDDEN), page.evaluate(CUT_SHORT), page.evaluate(OVERLAPS)) == ([], [], False), width
        expect(page.locator(".badge").last).to_contain_text("10")


def test_the_pages_before_signing_in_are_accessible_too(desk: FrontDesk) -> None:
    """Where one signs in, with and without a mistake, and what a one-time link opens."""
    page = desk.window()
    word = users.add(desk.studio.store, "newcomer", Role.REVIEWER, "root")
    for place in ("/login", f"/first/{word}", "/first/x"):
        page.goto(place)
        assert violations(page) == []


def test_dialogs_are_accessible(desk: FrontDesk) -> None:
    """Open over the slip: the shortcuts, rejecting, and the question whether somebody is there."""
    page = desk.person("ada", Role.ADMIN)
    page.goto("/review/s1")
    for name in ("keys", "reject", "idle"):
        page.evaluate("name => document.getElementById(name).showModal()", name)
        assert violations(page) == []
        page.keyboard.press("Escape")


def visit(page: Page, place: str) -> None:
    """Go there; a group's address is another at each start."""
    address = place
    if place == "/groups/one":
        page.goto("/groups")
        address = str(page.locator("a[href^='/groups/']").first.get_attribute("href"))
    if place == "/search/found":
        page.goto("/me")
        page.keyboard.press("/")
        page.keyboard.type("r")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/*")
        address = page.url
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, place
    expect(page.get_by_role("heading").first).to_be_visible()
