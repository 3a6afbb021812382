"""Opening files from strangers: the decoders work in a child that is killed when it takes too much."""

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ocr.page import Page
from ocr.pages import decode_service, messages
from ocr.pages.source import open_regular
from ocr.sandbox.framing import Frame
from ocr.sandbox.process import Child, ChildLostError
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason

# The child stops pdftoppm itself when a page's time is up, which costs that page only; the child is killed when
# it does not even manage that.
GRACE_S = 2.0


class PageOpener:
    """One warm decoder child for many files; use it as a context manager.

    The child keeps its temporary files in a private folder (0700) of its own inside `scratch`.
    """

    def __init__(self, limits: Limits, scratch: Path) -> None:
        self._limits = limits
        self._child = Child(
            "ocr.pages.decode_service:serve",
            memory_bytes=limits.child_bytes,
            scratch=scratch,
            answer_bytes=limits.page_pixels,
            readable=(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child, with its temporary files."""
        self._child.kill()

    def pages(self, path: Path) -> Generator[Page | SetAsideError, None, None]:
        """The pages of a file in order, each awaited within the limits.

        A page that cannot be used comes as the SetAsideError that says why, and the pages after it still come;
        an error of the whole file is raised. The child works ahead by one page while the caller is busy.
        """
        with open_regular(path) as fd:
            yield from _Reading(self._child, fd, path.suffix, self._limits).pages()

    def page(self, path: Path, number: int) -> Page | SetAsideError | None:
        """Page `number` (1-based) alone, as `pages` would give it; None when the file has no such page."""
        with open_regular(path) as fd:
            return next(iter(list(_Reading(self._child, fd, path.suffix, self._limits).pages(number, number))), None)


class _Reading:
    """One file on its way through the child."""

    def __init__(self, child: Child, fd: int, suffix: str, limits: Limits) -> None:
        self._child, self._fd, self._suffix, self._limits = child, fd, suffix, limits
        self._left_s = limits.file_seconds

    def pages(self, first: int = 1, last: int | None = None) -> Iterator[Page | SetAsideError]:
        complete = False
        try:
            count = self._begin(first, last)
            end = min(last or count, count)
            for number in range(first, end + 1):
                page = self._page(number)
                yield page
                if isinstance(page, SetAsideError) and self._child.pid is None and number < end:
                    self._begin(number + 1, last)
            complete = self._child.pid is None or self._next() is None
        except SetAsideError as error:
            complete = not isinstance(error, ChildLostError)
            raise
        finally:
            if not complete:
                self._child.kill()

    def _begin(self, first: int, last: int | None) -> int:
        """Have the child open the file; the number of pages."""
        try:
            return self._count(first, last)
        except ChildLostError as lost:
            if lost.reason is Reason.TIMEOUT:
                raise self._explain(lost, None) from None
        try:  # once more: a child that was idle may have died before, and not of this file
            return self._count(first, last)
        except ChildLostError as lost:
            raise self._explain(lost, None) from None

    def _count(self, first: int, last: int | None) -> int:
        self._child.send(decode_service.request(self._suffix, first, last, self._limits), self._fd)
        answer = self._next()
        return min(int(answer.head["page_count"]), self._limits.pages) if answer else 0

    def _page(self, number: int) -> Page | SetAsideError:
        try:
            answer = self._next()
        except ChildLostError as lost:
            error = self._explain(lost, number)
            if error.page is None:
                raise error from None
            return error
        try:
            return decode_service.unpack(answer or Frame())
        except (KeyError, TypeError, ValueError):  # no decoder of ours sends that
            self._child.kill()
            return messages.crashed(number)

    def _next(self) -> Frame | None:
        """The next answer, within what is left of the file's time."""
        began_s = time.monotonic()
        try:
            return self._child.receive(min(self._limits.page_seconds + GRACE_S, max(self._left_s, 0.0)))
        finally:
            self._left_s -= time.monotonic() - began_s

    def _explain(self, lost: ChildLostError, page: int | None) -> SetAsideError:
        if self._left_s <= 0:
            return messages.file_timeout(self._limits)
        if lost.reason is Reason.TIMEOUT:
            limits = self._limits
            return messages.opening_timeout(limits) if page is None else messages.page_timeout(page, limits)
        return messages.memory(page, self._limits) if lost.reason is Reason.MEMORY else messages.crashed(page)
