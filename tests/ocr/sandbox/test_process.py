"""Children may die, hang or misbehave; the parent must not notice more than an error, and nobody stays behind."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ocr.sandbox.framing import Frame
from ocr.sandbox.process import Child, ChildLostError
from schemas.errors import MachineError, SetAsideError
from schemas.reasons import SetAsideReason
from tests.ocr.sandbox import child_services

ROOT = Path(__file__).resolve().parents[3]
MEMORY_BYTES = 1 << 30


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    with Child(child_services.NAME, memory_bytes=MEMORY_BYTES, scratch=tmp_path) as started:
        yield started


def ask(child: Child, timeout_s: float = 60.0, **head: object) -> list[Frame]:
    return list(child.ask(Frame(head), timeout_s))


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_gone(*pids: int, within_s: float = 60.0) -> bool:
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s and not all(is_gone(pid) for pid in pids):
        time.sleep(0.02)
    return all(is_gone(pid) for pid in pids)


def test_one_child_serves_many_requests(child: Child) -> None:
    """Starting costs a third of a second, a page some milliseconds."""
    assert ask(child, do="echo")[0].head == ask(child, do="echo")[0].head


def test_answers_come_in_order_and_end(child: Child) -> None:
    """A file's pages are a stream of answers."""
    assert [answer.head["number"] for answer in ask(child, do="count", to=200)] == list(range(200))


def test_pixels_pass_unchanged(child: Child) -> None:
    """A page goes through as raw bytes, larger than any socket buffer."""
    page = bytes(range(256)) * 40_000
    answer = next(child.ask(Frame({"do": "echo"}, page), 60.0))
    assert bytes(answer.body) == page


def test_an_open_file_is_handed_over_without_its_name(child: Child, tmp_path: Path) -> None:
    """The child learns no path, and reads the very file that was checked."""
    (tmp_path / "scan").write_bytes(b"ink")
    with (tmp_path / "scan").open("rb") as file:
        child.send(Frame({"do": "read"}), file.fileno())
        answer = child.receive(60.0)
    assert answer is not None
    assert bytes(answer.body) == b"ink"


def test_an_overrun_kills_the_child_and_what_it_started(child: Child) -> None:
    """pdftoppm must not go on drawing for a page that was given up."""
    answers = child.ask(Frame({"do": "hang"}), 60.0)
    pids = next(answers).head
    with pytest.raises(ChildLostError) as caught:
        child.receive(0.2)
    assert caught.value.reason is SetAsideReason.TIMEOUT
    assert wait_gone(pids["pid"], pids["grandchild"])


def test_after_a_kill_the_next_request_is_served(child: Child) -> None:
    """One bad file must not stop the files behind it."""
    with pytest.raises(ChildLostError):
        ask(child, do="crash")
    assert ask(child, do="echo")


@pytest.mark.parametrize(
    ("do", "reason"), [("crash", SetAsideReason.ENGINE_CRASHED), ("be killed", SetAsideReason.MEMORY)]
)
def test_a_death_has_a_reason(child: Child, do: str, reason: SetAsideReason) -> None:
    """SIGKILL from outside is the kernel's answer to used-up memory; any other signal is a crash."""
    with pytest.raises(ChildLostError) as caught:
        ask(child, do=do)
    assert caught.value.reason is reason


def test_a_child_cannot_take_more_memory_than_it_is_given(child: Child) -> None:
    """The machine has other work to do."""
    with pytest.raises(SetAsideError) as caught:
        ask(child, do="hog")
    assert caught.value.reason is SetAsideReason.MEMORY


def test_a_set_aside_error_crosses_over_whole(child: Child) -> None:
    """Reason, sentence and page are what the person sees."""
    with pytest.raises(SetAsideError) as caught:
        ask(child, do="set aside")
    assert (caught.value.reason, caught.value.page) == (SetAsideReason.DAMAGED, 2)
    assert caught.value.message == "Page 2 is damaged; scan it again."


def test_an_unexpected_error_tells_where_but_not_what(child: Child) -> None:
    """The text of an exception may hold a patient's name."""
    with pytest.raises(SetAsideError) as caught:
        ask(child, do="stumble")
    assert caught.value.reason is SetAsideReason.INTERNAL_ERROR
    assert "KeyError at child_services.py line" in caught.value.message
    assert "Ana" not in caught.value.message


def test_a_child_knows_no_secrets_and_never_writes_to_the_terminal(
    child: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What a hostile file takes over must not find the database's password."""
    monkeypatch.setenv("REFPAD_DATABASE_URL", "postgresql://someone:swordfish@host/db")
    seen = ask(child, do="talk")[0].head
    assert "swordfish" not in str(seen["environment"])
    assert Path(str(seen["folder"])).parent == tmp_path
    assert capfd.readouterr() == ("", "")


def test_what_a_killed_child_left_is_gone_with_it(child: Child, tmp_path: Path) -> None:
    """It may be pictures of a patient's slip."""
    room = Path(str(ask(child, do="talk")[0].head["folder"]))
    (room / "line.png").write_bytes(b"somebody's handwriting")
    child.kill()
    assert list(tmp_path.iterdir()) == []


def test_an_answer_above_the_limit_is_refused(tmp_path: Path) -> None:
    """A hostile child cannot fill the parent's memory."""
    with (
        Child(child_services.NAME, memory_bytes=MEMORY_BYTES, scratch=tmp_path, answer_bytes=1000) as child,
        pytest.raises(ChildLostError) as caught,
    ):
        list(child.ask(Frame({"do": "echo"}, bytes(1001)), 60.0))
    assert caught.value.reason is SetAsideReason.ENGINE_CRASHED


def test_leaving_answers_unread_ends_the_child(child: Child) -> None:
    """Else the next request would be answered with what the last one asked for."""
    for answer in child.ask(Frame({"do": "count", "to": 3}), 60.0):
        assert answer.head["number"] == 0
        break
    assert child.pid is None
    assert "pid" in ask(child, do="echo")[0].head


def test_a_service_that_cannot_be_loaded_is_the_machines_fault(tmp_path: Path) -> None:
    """A missing library is no damage of the file."""
    with (
        Child("tests.ocr.no_such_module:serve", memory_bytes=MEMORY_BYTES, scratch=tmp_path) as child,
        pytest.raises(MachineError, match="ModuleNotFoundError"),
    ):
        child.start()


def test_nobody_survives_a_kill_of_the_parent(tmp_path: Path) -> None:
    """After kill -9 of refpad no decoder and no pdftoppm goes on, not even one that hangs."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.ocr.sandbox.child_services", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    assert not any(is_gone(pid) for pid in pids)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_gone(*pids)
