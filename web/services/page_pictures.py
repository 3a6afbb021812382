"""Pages of kept originals as pictures: opened by the killable child, for the files are strangers'."""

import threading
from collections import OrderedDict
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from ocr.pages.opener import PageOpener
from refpad.services.reading.scratch import scratch_folder
from schemas.errors import SetAsideError
from schemas.limits import Limits
from web.errors import NotFoundError
from web.services.pictures import as_jpeg

KEPT_MOST = 24  # pictures, of some 150 kB each, so that going back and forth opens no file twice


class PageShelf:
    """Page pictures by file and page; one file is opened at a time. `close` ends the child."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = ExitStack()
        self._turn = threading.Lock()
        self._opener: PageOpener | None = None
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def jpeg(self, original: Path, number: int) -> bytes:
        """The page as JPEG; raises NotFoundError when it cannot be opened."""
        key = (original.name, number)
        with self._turn:
            if key not in self._kept:
                self._kept[key] = self._opened(original, number)
                while len(self._kept) > KEPT_MOST:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def close(self) -> None:
        """End the child, with its temporary files."""
        with self._turn:
            self._held.close()
            self._opener = None

    def _opened(self, original: Path, number: int) -> bytes:
        if self._opener is None:
            scratch = self._held.enter_context(scratch_folder())
            self._opener = self._held.enter_context(PageOpener(self._limits, scratch))
        pages = self._opener.pages(original)
        try:
            for at, page in enumerate(pages, start=1):
                if at == number:
                    if isinstance(page, SetAsideError):
                        raise NotFoundError(page.message)
                    return as_jpeg(Image.fromarray(page.grey))
        except SetAsideError as error:
            raise NotFoundError(error.message) from None
        except OSError:
            raise NotFoundError("The original cannot be opened: run `refpad verify`.") from None
        finally:
            pages.close()
        raise NotFoundError("The file has no such page.")
