"""Pages of kept originals as pictures: opened by killable children, for the files are strangers'."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from weakref import WeakValueDictionary

from PIL import Image

from ocr.page import Page
from ocr.pages.opener import PageOpener
from refpad.services.reading.scratch import scratch_folder
from schemas.errors import SetAsideError
from schemas.limits import Limits
from web.errors import NotFoundError
from web.services.pictures import as_jpeg

KEPT_MOST = 24  # pictures, of some 150 kB each, so that going back and forth opens no file twice
# Children of some 100 MB each. One that a hostile page keeps busy leaves three to the others; a front desk has fewer
# people who look at set-aside files at once.
OPENERS_MOST = 4


class PagePictures:
    """Page pictures by file and page. Pages of one file wait for each other, those of different files do not."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = ExitStack()
        self._book = threading.Lock()  # of what follows; held for a moment only
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._scratch: Path | None = None
        self._idle: list[PageOpener] = []
        self._free = threading.BoundedSemaphore(OPENERS_MOST)

    def jpeg(self, original: Path, number: int) -> bytes:
        """The page as JPEG; raises NotFoundError when it cannot be opened."""
        key = (original.name, number)
        with self._book:
            turn = self._turns.setdefault(original.name, threading.Lock())
        with turn:
            if (picture := self._look_up(key)) is None:
                picture = self._opened(original, number)
                self._keep(key, picture)
            return picture

    def close(self) -> None:
        """End the children, with their temporary files."""
        with self._book:
            self._held.close()
            self._idle.clear()
            self._scratch = None

    def _look_up(self, key: tuple[str, int]) -> bytes | None:
        with self._book:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[str, int], picture: bytes) -> None:
        with self._book:
            self._kept[key] = picture
            while len(self._kept) > KEPT_MOST:
                self._kept.popitem(last=False)

    @contextmanager
    def _opener(self) -> Iterator[PageOpener]:
        """An opener of one's own for a while; the next one to come finds its child warm."""
        with self._free:
            with self._book:
                opener = self._idle.pop() if self._idle else self._new()
            try:
                yield opener
            finally:
                with self._book:
                    self._idle.append(opener)

    def _new(self) -> PageOpener:
        if self._scratch is None:
            self._scratch = self._held.enter_context(scratch_folder())
        return self._held.enter_context(PageOpener(self._limits, self._scratch))

    def _opened(self, original: Path, number: int) -> bytes:
        try:
            with self._opener() as opener:
                page = opener.page(original, number)
        except SetAsideError as error:
            raise NotFoundError(error.message) from None
        except OSError:
            raise NotFoundError("The original cannot be opened: run `refpad verify`.") from None
        if isinstance(page, Page):
            return as_jpeg(Image.fromarray(page.grey))
        raise NotFoundError("The file has no such page." if page is None else page.message)
