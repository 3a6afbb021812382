"""The reader of files in a child process: a hostile page can end that process, and nothing else.

The parent's half loads no models: a worker stays small. Its child is started again when it crashed, and when the pad
designs have changed.
"""

import atexit
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.sandbox.framing import Frame
from ocr.sandbox.process import Child, ChildLostError
from refpad.services.designs import DesignBook, DesignChanges
from refpad.services.reading.reader_port import PageOutcome
from refpad.services.reading.scratch import scratch_folder
from refpad.settings import Settings
from schemas.errors import DesignError, MachineError, MissingPackageError, SetAsideError
from schemas.names.known_people import NOBODY_KNOWN, KnownPeople
from schemas.pad_id import PadId
from schemas.reading import PageRead
from schemas.time_spent import TIME_SPENT

if TYPE_CHECKING:
    from refpad.services.reading.file_reader import FileReader

SERVICE = "refpad.services.reading.reader_process:serve"
LACKS = "lacks"
# The child itself gives up on a page that cannot be opened, or a line that cannot be read, in time; only what it does
# not notice is noticed here, a little later, and costs the file.
SLACK_S = 10.0
# What a reader needs of the settings; no address, no password.
CHILD_SETTINGS = {"folder", "policy", "limits", "text_model", "inference_engine"}

log = logging.getLogger(__name__)


class ChildReader:
    """Reads whole files in `child`, page by page within the limits; pad designs that change get another child.

    The child does not see the record: `people` is asked before each file whom of it the file's slips may name.
    """

    def __init__(self, child: Child, settings: Settings, people: Callable[[], KnownPeople]) -> None:
        self.child, self._settings, self._people = child, settings, people
        self._book = DesignBook(settings.designs)
        self._designs, self._changes = self._book.designs(), DesignChanges(self._book)
        self._closing = False

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        """All pages of a file; raises SetAsideError for one that cannot be used, or whose reading was stopped.

        Raises MachineError when the machine lacks a part.
        """
        return self._read({"path": str(path.absolute()), "received_on": received_on.isoformat()})

    def read_as(self, path: Path, received_on: date, pad: PadId) -> Sequence[PageOutcome]:
        """The same when all its slips are said to be of one pad."""
        return self._read({"path": str(path.absolute()), "received_on": received_on.isoformat(), "pad": str(pad)})

    def warm(self) -> None:
        """Load the models before the first file comes; raises MachineError when the machine lacks a part."""
        try:
            list(self._answers({}))
        except SetAsideError as error:
            raise MachineError(f"The reader does not start ({error.reason}); run: refpad doctor") from None

    def close(self) -> None:
        """Expect the child to be ended because the program stops: the file that is being read is not at fault."""
        self._closing = True

    def _read(self, request: dict[str, str]) -> Sequence[PageOutcome]:
        try:
            return [_unpacked(answer) for answer in self._answers(request, self._people())]
        except ChildLostError:
            if self._closing:
                raise MachineError("The program stops; the file is read anew at its next start.") from None
            raise

    def _follow_designs(self) -> None:
        """A child loads the designs once: end one that knows others, so that the next request starts another."""
        for sentence in self._changes.new_messages():
            log.warning("%s", sentence)
        if (designs := self._book.designs()) is not self._designs:
            self._designs = designs
            self.child.kill()

    def _answers(self, request: dict[str, str], people: KnownPeople = NOBODY_KNOWN) -> Iterator[Frame]:
        self._follow_designs()
        limits = self._settings.limits
        until = time.monotonic() + limits.file_seconds
        page_s = limits.page_seconds + limits.ocr_seconds + SLACK_S
        head = {"settings": self._settings.model_dump(mode="json", include=CHILD_SETTINGS), **request}
        self.child.send(Frame(head, people.model_dump_json().encode()))
        while True:
            answer = self.child.receive(max(0.0, min(page_s, until - time.monotonic())))
            if answer is None:
                return
            if LACKS in answer.head:
                raise MachineError(answer.head[LACKS])
            yield answer


@contextmanager
def open_child_reader(settings: Settings, people: Callable[[], KnownPeople] = KnownPeople) -> Iterator[ChildReader]:
    """A reader whose process is warm, and started again when it crashed; raises MachineError when it cannot start.

    `people` tells who is on record.
    """
    absolute = settings.model_copy(update={"folder": settings.folder.absolute()})
    with (
        scratch_folder() as scratch,
        Child(SERVICE, memory_bytes=settings.limits.child_bytes, scratch=scratch) as child,
    ):
        reader = ChildReader(child, absolute, people)
        reader.warm()
        try:
            yield reader
        finally:
            reader.close()


def serve(request: Frame, _fd: int | None) -> Iterator[Frame]:
    """One file in the child: a frame for each page; without a file, nothing but a warm reader."""
    head = request.head
    try:
        reader = _reader(Settings.model_validate(head["settings"]))
        if "path" in head:
            of_pad = reader.of_pad(PadId.parse(head["pad"])) if "pad" in head else reader
            knowing = of_pad.knowing(KnownPeople.model_validate_json(bytes(request.body)))
            yield from map(_packed, knowing.outcomes(Path(head["path"]), date.fromisoformat(head["received_on"])))
    except (MachineError, DesignError, MissingPackageError) as error:
        yield Frame({LACKS: str(error)})


@cache
def _reader(settings: Settings) -> "FileReader":
    """The one reader of this process, which ends with it."""
    from refpad.services.reading.file_reader import open_reader

    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(open_reader(settings))


def _packed(page: PageOutcome) -> Frame:
    head = {
        "page": page.page.model_dump(mode="json"),
        "sizes": [len(png) for png in page.pictures],
        "spent": TIME_SPENT.dump_python(page.spent, mode="json"),
    }
    return Frame(head, b"".join(page.pictures))


def _unpacked(frame: Frame) -> PageOutcome:
    pictures, at = [], 0
    for size in frame.head["sizes"]:
        pictures.append(bytes(frame.body[at : at + size]))
        at += size
    spent = TIME_SPENT.validate_python(frame.head["spent"])
    return PageOutcome(PageRead.model_validate(frame.head["page"]), tuple(pictures), spent)
