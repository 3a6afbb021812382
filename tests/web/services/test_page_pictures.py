"""Pictures of the pages of originals, for several people at once."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.limits import Limits
from store.kept_files.in_folder import FileInFolder
from tests.ocr.pages import drawn
from tests.processes import Offspring
from web.errors import NotFoundError
from web.services.page_pictures import PagePictures

TAGS = drawn.fax_tags(850, 1100)


@pytest.fixture
def children() -> Offspring:
    return Offspring()


@pytest.fixture
def pages(children: Offspring) -> Iterator[PagePictures]:
    made = PagePictures(Limits(page_seconds=100))
    yield made
    children.kill()
    made.close()


def put(folder: Path, name: str, data: bytes) -> FileInFolder:
    path = folder / name
    path.write_bytes(data)
    return FileInFolder("originals", hashlib.sha256(data).hexdigest(), path)


def test_a_page_that_hangs_keeps_nobody_from_another_file(
    pages: PagePictures, children: Offspring, tmp_path: Path
) -> None:
    """One hostile page takes as long as the limit allows; whoever looks at another file does not wait for it."""
    hostile = put(tmp_path, "hostile.pdf", drawn.endless_pdf())
    good = put(tmp_path, "good.tif", drawn.tiff([(TAGS, drawn.fax_strip(drawn.page(mark=mark))) for mark in range(3)]))
    errors: list[str] = []

    def look() -> None:
        try:
            pages.jpeg(hostile, 1)
        except NotFoundError as error:
            errors.append(str(error))

    looking = threading.Thread(target=look)
    looking.start()
    pictures = [pages.jpeg(good, number) for number in (3, 1, 2)]
    assert looking.is_alive()
    assert len(set(pictures)) == 3
    while looking.is_alive():  # on a busy machine the child that it waits for may only be starting
        children.kill()
        looking.join(0.1)
    assert len(errors) == 1


def test_many_who_look_at_once_each_get_their_page(pages: PagePictures, children: Offspring, tmp_path: Path) -> None:
    """More people than children: nobody gets a page of another file, and no more children than allowed are kept."""
    files = [
        put(tmp_path, f"{mark}.tif", drawn.tiff([(TAGS, drawn.fax_strip(drawn.page(mark=mark)))])) for mark in range(6)
    ]
    alone = [PagePictures(Limits()) for _ in files]
    expected = [one.jpeg(path, 1) for one, path in zip(alone, files, strict=True)]
    for one in alone:
        one.close()
    pictures: dict[int, bytes] = {}
    looking = [
        threading.Thread(target=lambda at=at, path=path: pictures.update({at: pages.jpeg(path, 1)}))
        for at, path in enumerate(files)
    ]
    for thread in looking:
        thread.start()
    for thread in looking:
        thread.join()
    assert [pictures[at] for at in range(len(files))] == expected
    assert len(children()) <= 4
