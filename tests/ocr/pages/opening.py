"""Short ways to open what a test made."""

from pathlib import Path

from ocr.page import Page
from ocr.pages import open_pages
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason


def opened(folder: Path, data: bytes, limits: Limits | None = None, name: str = "scan") -> list[Page | SetAsideError]:
    """All that comes of a file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return list(open_pages(path, limits or Limits()))


def only_page(folder: Path, data: bytes, limits: Limits | None = None, name: str = "scan") -> Page:
    """The one page of a file that must have one."""
    (page,) = opened(folder, data, limits, name)
    assert isinstance(page, Page), page
    return page


def refusal(folder: Path, data: bytes, limits: Limits | None = None, name: str = "scan") -> SetAsideError:
    """Why the file, or its only page, is set aside."""
    try:
        (page,) = opened(folder, data, limits, name)
    except SetAsideError as error:
        return error
    assert isinstance(page, SetAsideError), page
    return page


def outcome(page: Page | SetAsideError) -> int | SetAsideReason:
    """A page's number, or the reason why it is set aside."""
    return page.number if isinstance(page, Page) else page.reason
