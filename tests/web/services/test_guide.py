"""Help: the guide's chapters, as a page finds them, and nothing in them that leads nowhere."""

import re

import pytest

from tests.web.studio import Studio
from web.live_services import TEMPLATES
from web.services.guide import CHAPTERS, MANUALS, address_for, chapters, find_chapter, find_picture, slug_of

EVERY = [chapter.key for chapter in chapters()] + list(MANUALS)


def ids_of(key: str) -> set[str]:
    chapter = find_chapter(key)
    assert chapter is not None, key
    return set(re.findall(r'id="([^"]+)"', chapter.html))


@pytest.mark.parametrize("key", EVERY)
def test_what_a_chapter_names_is_there(key: str) -> None:
    """Offline, a link that leads out of the help is a dead end: it is text then, or the web's own address."""
    chapter = find_chapter(key)
    assert chapter is not None
    for link in re.findall(r'href="([^"]+)"', chapter.html):
        if not link.startswith("https://"):
            place, _, anchor = link.removeprefix("/help/").partition("#")
            assert not anchor or anchor in ids_of(place), link
    for picture in re.findall(r'src="/help/pictures/([^"]+)"', chapter.html):
        assert find_picture(picture) is not None
    assert chapter.html.count("<h1") == 1


def test_every_page_has_its_chapter() -> None:
    """Whoever asks for help on a page does not want to read about all others first."""
    named = re.compile(r'{% set (?:here|chapter_of) = "(\w+)"')
    pages = {name for path in TEMPLATES.glob("*.html") for name in named.findall(path.read_text("utf-8"))}
    assert pages <= set(CHAPTERS)
    for page in pages - {"help"}:
        place, _, anchor = address_for(page).removeprefix("/help/").partition("#")
        assert place
        assert not anchor or anchor in ids_of(place)
    assert address_for("") == "/help"


def test_each_page_leads_to_the_help_for_it(studio: Studio) -> None:
    """Also one that says that something did not work."""
    kim = studio.person()
    for page, chapter in (("/", "calls-and-bookings"), ("/letters", "letters"), ("/nowhere", "")):
        shown = kim.get(page).text
        assert f'href="/help/{chapter}"' in shown or not chapter
    assert "Backspace" in kim.get("/help/review-doubtful-slips").text
    assert kim.get("/help/pictures/05-review.png").headers["content-type"] == "image/png"
    for nothing in ("/help/nothing", "/help/pictures/nothing.png", "/help/pictures/..%2f01-set-up.png"):
        assert kim.get(nothing).status_code == 404
    assert studio.stranger().get("/help").headers["location"] == "/login"


def test_a_heading_s_id_is_what_other_readers_of_markdown_make_of_it() -> None:
    """The guide's own list of contents is written by it, and is read elsewhere too."""
    assert slug_of("Check many at once, and how well it reads") == "check-many-at-once-and-how-well-it-reads"
    assert slug_of("Other offices' forms") == "other-offices-forms"
