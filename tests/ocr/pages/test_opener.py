"""One warm child opens many files, survives the worst of them, and leaves nothing behind."""

import contextlib
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import psutil
import pytest

from ocr.page import Page
from ocr.pages import decode_service, open_pages
from ocr.pages.opener import PageOpener
from ocr.pages.source import open_regular
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import outcome
from tests.processes import Offspring

FAX_TAGS = drawn.fax_tags(850, 1100)
GOOD = drawn.tiff([(FAX_TAGS, drawn.fax_strip(drawn.page(mark=mark))) for mark in range(3)])


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def opener(scratch: Path, children: Offspring) -> Iterator[PageOpener]:
    with PageOpener(Limits(page_seconds=20), scratch) as opened:
        yield opened


def put(folder: Path, data: bytes, name: str = "scan.tif") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.fixture
def children() -> Offspring:
    """Of the openers of this test."""
    return Offspring()


def test_the_child_sees_what_opening_in_this_process_sees(opener: PageOpener, tmp_path: Path) -> None:
    """Pixels, resolution, notes and findings cross over whole."""
    unresolved = {tag: value for tag, value in drawn.fax_tags(1728, 1078).items() if tag not in (282, 283)}
    path = put(tmp_path, drawn.tiff([(unresolved, drawn.fax_strip(drawn.page(1728, 1078)))]), "scan.pdf")
    (ours,), (theirs,) = open_pages(path, Limits()), opener.pages(path)
    assert isinstance(ours, Page)
    assert isinstance(theirs, Page)
    assert np.array_equal(ours.gray, theirs.gray)
    assert (ours.number, ours.dpi, ours.notes, ours.findings) == (
        theirs.number,
        theirs.dpi,
        theirs.notes,
        theirs.findings,
    )
    assert ours.notes
    assert ours.findings
    assert not theirs.gray.flags.writeable


def rows_of(page: Page | SetAsideError | None) -> tuple[object, ...]:
    """Everything about a page."""
    if isinstance(page, Page):
        return page.gray.tobytes(), page.gray.shape, page.number, page.dpi, page.notes, page.findings
    return (page.reason, page.message, page.page) if page is not None else ()


def noisy_strip() -> bytes:
    strip = bytearray(drawn.fax_strip(drawn.page(mark=6), "group3"))
    for at in range(len(strip) // 3, len(strip) // 2, 97):
        strip[at] ^= 0x10
    return bytes(strip)


def tiff_with_damage() -> bytes:
    """Nine pages and a preview: two outside the file or cut, one with noise on the line."""
    strips = [drawn.fax_strip(drawn.page(mark=mark)) for mark in range(9)]
    pages: list[tuple[Mapping[int, int | float], bytes]] = [(FAX_TAGS, strip) for strip in strips]
    pages[1] = ({**FAX_TAGS, 273: 9_000_000}, b"")
    pages[3] = (FAX_TAGS, strips[3][: len(strips[3]) // 3])
    pages[6] = ({**FAX_TAGS, 259: 3}, noisy_strip())
    pages.insert(2, ({**drawn.fax_tags(400, 500), 254: 1}, drawn.fax_strip(drawn.page(400, 500))))
    return drawn.tiff(pages)


def pdf_with_damage() -> bytes:
    """Nine scanned pages, of which two hold pictures that are not all there."""
    pictures = [drawn.jpeg_picture(drawn.page(mark=mark)) for mark in range(9)]
    for number in (1, 3):
        pictures[number]["data"] = pictures[number]["data"][:2000]
    return drawn.pdf(pictures)


@pytest.mark.parametrize(("data", "name"), [(tiff_with_damage(), "scan.tif"), (pdf_with_damage(), "scan.pdf")])
def test_a_page_alone_is_the_page_of_the_whole_run(opener: PageOpener, tmp_path: Path, data: bytes, name: str) -> None:
    """Whoever looks at page 7 must see the page 7 that was read, with its findings, whatever is wrong before it."""
    path = put(tmp_path, data, name)
    together = list(opener.pages(path))
    assert sum(isinstance(page, SetAsideError) for page in together) == 2
    assert len(together) == 9
    for number in (7, 2, 4, 9, 1):
        assert rows_of(opener.page(path, number)) == rows_of(together[number - 1])
    assert opener.page(path, 10) is None


@pytest.mark.parametrize(("data", "name"), [(tiff_with_damage(), "scan.tif"), (pdf_with_damage(), "scan.pdf")])
def test_for_one_page_no_other_is_decoded(tmp_path: Path, data: bytes, name: str) -> None:
    """The last of 200 pages would come after minutes else."""
    with open_regular(put(tmp_path, data, name)) as fd:
        told, *pages = decode_service.serve(decode_service.request(".tif", 7, 7, Limits()), fd)
    assert told.head["page_count"] == 9
    assert [page.head["page"] for page in pages] == [7]


def test_one_page_of_a_file_that_cannot_be_opened_says_why(opener: PageOpener, tmp_path: Path) -> None:
    """As the whole run does."""
    with pytest.raises(SetAsideError) as caught:
        opener.page(put(tmp_path, b"not a scan"), 1)
    assert caught.value.reason is Reason.UNSUPPORTED_TYPE
    assert outcome(opener.page(put(tmp_path, GOOD), 3) or Page(0, np.zeros((1, 1), np.uint8), None)) == 3


def test_one_child_serves_file_after_file(opener: PageOpener, tmp_path: Path, children: Offspring) -> None:
    """Importing the decoders for each would cost more than decoding."""
    path = put(tmp_path, GOOD)
    list(opener.pages(path))
    warm = children()
    assert [outcome(page) for page in opener.pages(path)] == [1, 2, 3]
    assert children() == warm


def test_a_page_that_hangs_is_given_up_and_the_next_file_opens(
    scratch: Path, tmp_path: Path, children: Offspring
) -> None:
    """One hostile page costs its own time and nothing else."""
    with PageOpener(Limits(page_seconds=1), scratch) as opener:
        hostile = list(opener.pages(put(tmp_path, drawn.endless_pdf(), "scan.pdf")))
        assert [outcome(page) for page in hostile] == [Reason.TIMEOUT, 2]
        assert [outcome(page) for page in opener.pages(put(tmp_path, GOOD))] == [1, 2, 3]
    assert not children()


def test_a_file_that_takes_too_long_altogether_is_given_up(scratch: Path, tmp_path: Path, children: Offspring) -> None:
    """200 pages just below the page's limit would block the inbox for hours."""
    path = put(tmp_path, drawn.endless_pdf(), "scan.pdf")
    with (
        PageOpener(Limits(page_seconds=30, file_seconds=1), scratch) as opener,
        pytest.raises(SetAsideError, match=r"limits\.file_seconds") as caught,
    ):
        list(opener.pages(path))
    assert caught.value.reason is Reason.TIMEOUT
    assert not children()


def test_a_decoder_without_memory_says_so_and_the_next_file_opens(scratch: Path, tmp_path: Path) -> None:
    """The limit is the child's, not the machine's."""
    huge = drawn.fax_tags(30_000, 30_000) | {258: 8, 259: 5, 262: 1}
    with PageOpener(Limits(page_pixels=1_000_000_000, child_bytes=900_000_000), scratch) as opener:
        (page,) = opener.pages(put(tmp_path, drawn.tiff([(huge, bytes(1000))])))
        assert outcome(page) in (Reason.MEMORY, Reason.DAMAGED)
        assert [outcome(page) for page in opener.pages(put(tmp_path, GOOD))] == [1, 2, 3]


def test_a_decoder_that_dies_between_files_is_replaced(opener: PageOpener, tmp_path: Path, children: Offspring) -> None:
    """Whoever killed it, the next scan must come through."""
    path = put(tmp_path, GOOD)
    list(opener.pages(path))
    children.kill()
    assert [outcome(page) for page in opener.pages(path)] == [1, 2, 3]


def test_a_decoder_that_dies_on_a_page_costs_that_page(opener: PageOpener, tmp_path: Path, children: Offspring) -> None:
    """Killed between two pages, it is started again for the pages that are left."""
    large = drawn.page(3400, 4400)
    pages = [(drawn.fax_tags(3400, 4400), drawn.fax_strip(large))] * 4
    outcomes = []
    for page in opener.pages(put(tmp_path, drawn.tiff(pages))):
        outcomes.append(outcome(page))
        if len(outcomes) == 1:
            children.kill()
    assert outcomes[0] == 1
    assert outcomes[-1] == 4
    assert outcomes.count(Reason.MEMORY) == 1


def test_leaving_a_file_half_read_does_no_harm(opener: PageOpener, tmp_path: Path) -> None:
    """The pages that nobody asked for must not turn up as the next file's."""
    for page in opener.pages(put(tmp_path, GOOD)):
        assert outcome(page) == 1
        break
    other = put(tmp_path, drawn.tiff([(FAX_TAGS, drawn.fax_strip(drawn.page(mark=7)))]), "other.tif")
    (page,) = opener.pages(other)
    assert isinstance(page, Page)
    assert drawn.difference(page.gray, drawn.page(mark=7)) < 2


def test_an_error_of_the_whole_file_is_raised(opener: PageOpener, tmp_path: Path) -> None:
    """And the child stays for the next."""
    with pytest.raises(SetAsideError) as caught:
        list(opener.pages(put(tmp_path, b"not a scan")))
    assert (caught.value.reason, caught.value.page) == (Reason.UNSUPPORTED_TYPE, None)
    assert [outcome(page) for page in opener.pages(put(tmp_path, GOOD))] == [1, 2, 3]


def test_the_scratch_folder_is_private_and_left_empty(scratch: Path, tmp_path: Path) -> None:
    """Parts of a patient's page must not stay where others can read them."""
    with PageOpener(Limits(), scratch) as opener:
        list(opener.pages(put(tmp_path, drawn.text_pdf(b"100 100 m 500 700 l 8 w S"), "scan.pdf")))
        (private,) = scratch.iterdir()
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert not list(private.iterdir())
    assert not list(scratch.iterdir())


def test_the_files_name_reaches_no_process_and_the_terminal_stays_quiet(
    opener: PageOpener, children: Offspring, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """File names can be patients' names, and process lists are public."""
    pages = opener.pages(put(tmp_path, drawn.endless_pdf(order=b"5 0 R 3 0 R"), "Ana Testcase.pdf"))
    assert outcome(next(pages)) == 1
    commands = wait_for_drawing(children)  # the child works ahead on page 2
    assert not [command for command in commands if "Testcase" in command]
    pages.close()
    assert wait_until(lambda: not children())
    assert capfd.readouterr() == ("", "")


def wait_for_drawing(children: Offspring) -> list[str]:
    """The command lines of all children while pdftoppm draws: `pdftoppm -v`, asked before, is gone when looked at."""
    seen: list[str] = []

    def draws() -> bool:
        seen[:] = commands_of(children)
        return any("pdftoppm" in command and " -r " in command for command in seen)

    assert wait_until(draws), seen
    return seen


def commands_of(children: Offspring) -> list[str]:
    commands = []
    for child in children():
        with contextlib.suppress(psutil.NoSuchProcess):
            commands.append(" ".join(child.cmdline()))
    return commands


def wait_until(holds: Callable[[], bool], within_s: float = 60.0) -> bool:
    """Whether it held once: asked again, a thing that comes and goes may be gone."""
    until_s = time.monotonic() + within_s
    while not (held := holds()) and time.monotonic() < until_s:
        time.sleep(0.01)
    return held
