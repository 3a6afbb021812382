"""`refpad practice`: the samples apart from the studio's own work."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refpad.cli import app
from refpad.cli.ops.up_display import drop_samples, show_places, stopped
from refpad.ops.supervisor import only_one
from refpad.services.practice import prepare_practice
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from store.workers.workers import READER, register_worker


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, as one starts refpad from."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", "refpad-data")


def test_it_starts_in_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops the start after that, the studio's own folder was not touched."""
    for name in ("PREFECT_PORT", "FRONT_DESK__PORT"):
        monkeypatch.setenv(f"REFPAD_{name}", "4777")
    with pytest.raises(UsageError, match="are both 4777"):
        CliRunner().invoke(app, ["practice"], catch_exceptions=False)
    assert json.loads(Path("refpad-practice/settings.json").read_text()) == {"practice": True}
    assert not Path("refpad-data").exists()


def test_it_is_not_reset_under_those_who_use_it() -> None:
    """A record that vanishes while it is written is damaged."""
    prepare_practice(Path("refpad-practice"))
    with only_one(Path("refpad-practice/refpad.lock")):
        error = CliRunner().invoke(app, ["practice", "--reset"]).exception
    assert isinstance(error, MachineError)
    assert "Practice is under way" in str(error)


def test_it_is_not_reset_under_a_reader_that_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds no lock of the folder, and would go on writing into a record that was deleted."""
    monkeypatch.setenv("REFPAD_FOLDER", "refpad-practice")
    prepare_practice(Path("refpad-practice"))
    with closing(open_record(Settings())) as store, register_worker(store, READER):
        error = CliRunner().invoke(app, ["practice", "--reset"]).exception
        assert "1 process is still at work on the record" in str(error)
        assert Path("refpad-practice/store/refpad.sqlite").exists()


def test_the_commands_that_it_prints_look_into_practice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typed as they stand, wherever: they showed an empty record, and made its folder."""
    prepare_practice(Path("refpad-practice"))
    with monkeypatch.context() as there:
        there.setenv("REFPAD_FOLDER", "refpad-practice")
        settings, folder_of_practice = Settings(), str(Path("refpad-practice").absolute())
        with closing(open_record(settings)) as store:
            show_places(settings, store)
    printed = re.findall(r"(REFPAD_FOLDER=(\S+) refpad (\S.*))", capsys.readouterr().out)
    assert [rest for _, _, rest in printed] == ["follow-ups list --due", "review list", "status"]
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    for _, folder, rest in printed:
        done = CliRunner().invoke(app, rest.split(), env={"REFPAD_FOLDER": folder}, catch_exceptions=False)
        assert done.exit_code == 0
        assert folder == folder_of_practice
    assert list(Path().iterdir()) == []


def test_practice_goes_on_with_practice(monkeypatch: pytest.MonkeyPatch) -> None:
    """`refpad up` begins an empty record of the studio's own: what was practiced seemed lost."""
    assert "`refpad up` goes on from here" in stopped(Settings())
    prepare_practice(Path("refpad-practice"))
    monkeypatch.setenv("REFPAD_FOLDER", "refpad-practice")
    assert "`refpad practice` goes on from here" in stopped(Settings())


def test_samples_are_dropped_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second start finds them read; here they only lie in the inbox."""
    monkeypatch.setenv("REFPAD_FOLDER", "refpad-practice")
    prepare_practice(Path("refpad-practice"))
    settings = Settings()
    settings.inbox.mkdir()
    with closing(open_record(settings)) as store:
        dropped = drop_samples(settings, store)
    assert {path.name for path in dropped.values()} == {path.name for path in settings.inbox.iterdir()}
