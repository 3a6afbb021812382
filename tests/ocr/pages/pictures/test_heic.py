"""HEIC, as telephones write it."""

from pathlib import Path

from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, opened, outcome, refusal

SENT = drawn.page()


def test_a_telephones_heic_is_read(tmp_path: Path) -> None:
    """Half of all telephones write it."""
    assert drawn.difference(only_page(tmp_path, drawn.heic(SENT)).gray, SENT) < 2


def test_every_picture_of_a_heic_is_a_page(tmp_path: Path) -> None:
    """A series of photographs in one file."""
    pages = opened(tmp_path, drawn.heic(*(drawn.page(mark=mark) for mark in range(3))))
    assert [outcome(page) for page in pages] == [1, 2, 3]


def test_a_damaged_heic_is_set_aside(tmp_path: Path) -> None:
    """Cut in the middle."""
    data = drawn.heic(SENT)
    assert refusal(tmp_path, data[: len(data) // 2]).reason is Reason.DAMAGED
    assert refusal(tmp_path, data[:40]).reason is Reason.DAMAGED


def test_a_huge_heic_is_not_decoded(tmp_path: Path) -> None:
    """Counted before decoding, like all others."""
    assert refusal(tmp_path, drawn.heic(SENT), Limits(page_pixels=100_000)).reason is Reason.TOO_MANY_PIXELS
