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
from store.kept_files.kept_file import KeptFile
from web.errors import NotFoundError
from web.services.pictures import as_jpeg

CACHED_MOST = 24  # pictures, of some 150 kB each, so that going back and forth opens no file twice
# Children of some 100 MB each. One that a hostile page keeps busy leaves three to the others; a front desk has fewer
# people who look at set-aside files at once.
OPENERS_MOST = 4


class PagePictures:
    """Page pictures by file and page. Pages of one file wait for each other, those of different files do not."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._resources = ExitStack()
        self._lock = threading.Lock()  # of what follows; held for a moment only
        self._cache: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._file_locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._scratch: Path | None = None
        self._idle: list[PageOpener] = []
        self._free = threading.BoundedSemaphore(OPENERS_MOST)

    def jpeg(self, original: KeptFile, number: int) -> bytes:
        """The page as JPEG; raises NotFoundError when it cannot be opened."""
        key = (original.sha256, number)
        with self._lock:
            file_lock = self._file_locks.setdefault(original.sha256, threading.Lock())
        with file_lock:
            if (picture := self._look_up(key)) is None:
                picture = self._open_page(original, number)
                self._remember(key, picture)
            return picture

    def close(self) -> None:
        """End the children, with their temporary files."""
        with self._lock:
            self._resources.close()
            self._idle.clear()
            self._scratch = None

    def _look_up(self, key: tuple[str, int]) -> bytes | None:
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
            return self._cache.get(key)

    def _remember(self, key: tuple[str, int], picture: bytes) -> None:
        with self._lock:
            self._cache[key] = picture
            while len(self._cache) > CACHED_MOST:
                self._cache.popitem(last=False)

    @contextmanager
    def _opener(self) -> Iterator[PageOpener]:
        """An opener for this thread alone; afterwards its child process is reused."""
        with self._free:
            with self._lock:
                opener = self._idle.pop() if self._idle else self._new()
            try:
                yield opener
            finally:
                with self._lock:
                    self._idle.append(opener)

    def _new(self) -> PageOpener:
        if self._scratch is None:
            self._scratch = self._resources.enter_context(scratch_folder())
        return self._resources.enter_context(PageOpener(self._limits, self._scratch))

    def _open_page(self, original: KeptFile, number: int) -> bytes:
        try:
            with original.at_path() as path, self._opener() as opener:
                page = opener.page(path, number)
        except SetAsideError as error:
            raise NotFoundError(error.message) from None
        except OSError:
            raise NotFoundError("The original cannot be opened: run `refpad verify`.") from None
        if isinstance(page, Page):
            return as_jpeg(Image.fromarray(page.gray))
        raise NotFoundError("The file has no such page." if page is None else page.message)
