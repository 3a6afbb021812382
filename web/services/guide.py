"""The user guide as the front desk shows it: its chapters, and the manuals that it names, from the files in docs/."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from PIL import Image

HOME = Path(__file__).parents[1]
# A wheel carries them inside the package; in a checkout they lie beside it.
INSTALLED, IN_CHECKOUT = HOME / "guide", HOME.parent / "docs"
DOCS = INSTALLED if INSTALLED.is_dir() else IN_CHECKOUT
GUIDE, CONTENTS = "user-guide.md", "contents"
# Beside the guide's chapters, each whole, by its address on the help page.
MANUALS = {
    "settings.md": "settings.md",
    "letters.md": "letters.md",
    "pad-designs.md": "pad-designs.md",
    "csv.md": "csv.md",
    "connecting.md": "connecting.md",
    "two-months.md": "two-months/README.md",
}
PICTURES = "two-months"
# The chapter for a page, by its place in the menu or, where that is too coarse, by its own name.
CHAPTERS = {
    "today": "calls-and-bookings",
    "review": "review-doubtful-slips",
    "groups": "check-many-at-once-and-how-well-it-reads",
    "aside": "review-doubtful-slips#what-could-not-be-used",
    "referrals": "look-up-and-correct-a-referral",
    "offices": "pads-for-the-offices",
    "inbox": "when-slips-come-in",
    "exports": "calls-and-bookings#in-your-calendar",
    "people": "the-first-day",
    "programs": "connecting.md",
    "activity": "the-first-day",
    "settings": "the-first-day",
    "me": "the-first-day",
    "backups": "at-the-end-of-the-day-and-of-the-month#back-up",
    "retention": "at-the-end-of-the-day-and-of-the-month#purge-what-is-past-its-years",
    "letters": "letters",
    "entry": "assessments-reports-discharge",
    "set_office": "pads-for-the-offices#an-office-that-nobody-knows",
    "search": "look-up-and-correct-a-referral",
    "help": "",
}


@dataclass(frozen=True)
class Chapter:
    """A page of the help: `key` is its address, `sections` the headings in it, each with its id."""

    key: str
    title: str
    sections: tuple[tuple[str, str], ...]
    html: Markup


def address_for(page: str) -> str:
    """Where the help for a page begins; "" is a page that has no place in the menu."""
    chapter = CHAPTERS.get(page, "")
    return f"/help/{chapter}" if chapter else "/help"


def chapters() -> Sequence[Chapter]:
    """The guide's, in its order; the first has what stands before them."""
    return [chapter for chapter in _all().values() if chapter.key not in MANUALS]


def find_chapter(key: str) -> Chapter | None:
    """The chapter, or the manual, of that address."""
    return _all().get(key)


def find_picture(name: str) -> Path | None:
    """The picture of that name, if the guide has it."""
    return next((path for path in (DOCS / PICTURES).glob("*.png") if path.name == name), None)


@cache
def _all() -> Mapping[str, Chapter]:
    parser = MarkdownIt("commonmark").enable("table")
    parts = {key: list(part) for key, part in _parts(parser.parse((DOCS / GUIDE).read_text("utf-8")))}
    parts |= {key: parser.parse((DOCS / path).read_text("utf-8")) for key, path in MANUALS.items()}
    places = {slug: key for key, part in parts.items() if key not in MANUALS for slug, _, _ in _headings(part)}
    return {key: _chapter(parser, key, part, places) for key, part in parts.items()}


def _parts(tokens: Sequence[Token]) -> Iterator[tuple[str, Iterator[Token]]]:
    """The tokens by chapter: each begins with a heading of the second order."""
    keys, key = [], CONTENTS
    for token, text in zip(tokens, [*tokens[1:], *tokens[-1:]], strict=True):
        if token.type == "heading_open" and token.tag == "h2":
            key = slug_of(text.content)
        keys.append(key)
    for key, pairs in groupby(zip(keys, tokens, strict=True), lambda pair: pair[0]):
        yield key, (token for _, token in pairs)


def _chapter(parser: MarkdownIt, key: str, tokens: list[Token], places: Mapping[str, str]) -> Chapter:
    headings = list(_headings(tokens))
    for slug, _, token in headings:
        token.attrSet("id", slug)
    if key not in MANUALS and key != CONTENTS:  # on its page, a chapter is of the first order
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{int(token.tag[1]) - 1}"
    for token in tokens:
        token.children = list(_linked(token.children, places)) if token.children else token.children
    (_, title, first), *others = headings
    sections = tuple((slug, text) for slug, text, token in others if int(token.tag[1]) == int(first.tag[1]) + 1)
    html = Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - of our own manuals
    return Chapter(key, title, sections if key != CONTENTS else (), html)


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str, Token]]:
    """Each heading: its id, its words, and its token."""
    for token, text in pairwise(tokens):
        if token.type == "heading_open":
            yield slug_of(text.content), text.content.replace("`", ""), token


def slug_of(heading: str) -> str:
    """A heading's id, as the places that show the manuals make it: small letters, hyphens, nothing else."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _linked(tokens: Sequence[Token], places: Mapping[str, str]) -> Iterator[Token]:
    """The tokens of a paragraph, with links and pictures as the help page has them; a link to elsewhere is text."""
    dropped = 0
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrs["href"]), places)
            dropped += not address
            token.attrSet("href", address)
        if token.type == "image":
            _show(token)
        if token.type in ("link_open", "link_close") and dropped:
            dropped -= token.type == "link_close"
        else:
            yield token


def _address(link: str, places: Mapping[str, str]) -> str:
    """Where a link of the manuals leads on the help page, or "" where it leads out of it."""
    parts = urlsplit(link)
    if parts.scheme:
        return link
    behind = f"#{parts.fragment}" if parts.fragment else ""
    if parts.path:
        manual = next((key for key, path in MANUALS.items() if parts.path == path), "")
        return f"/help/{manual}{behind}" if manual else "/help" if parts.path == GUIDE else ""
    return f"/help/{places[parts.fragment]}{behind}" if parts.fragment in places else ""


def _show(token: Token) -> None:
    """A picture is loaded when it comes into sight, in the room that is kept for it."""
    path = DOCS / PICTURES / Path(str(token.attrs["src"])).name
    with Image.open(path) as picture:
        token.attrs |= {"width": picture.width, "height": picture.height, "loading": "lazy"}
    token.attrSet("src", f"/help/pictures/{path.name}")
