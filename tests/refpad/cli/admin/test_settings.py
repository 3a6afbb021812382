"""`refpad settings`, as an owner types it."""

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from refpad.cli import app, main
from schemas.errors import UsageError
from schemas.exit_codes import ExitCode


@pytest.fixture(autouse=True)
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, with nothing set."""
    for name in ("NAME", "SPECIALIST", "PHONE", "FAX", "EMAIL", "ADDRESS"):
        monkeypatch.delenv(f"REFPAD_STUDIO__{name}")
    monkeypatch.chdir(tmp_path)


def refpad(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, words, input=typed)


def told() -> dict[str, dict[str, object]]:
    shown: dict[str, dict[str, object]] = json.loads(refpad("settings", "show", "--json").stdout)
    return shown


def test_settings_are_set_shown_and_said_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as on the page, with the same file behind it."""
    assert "is set" in refpad("settings", "set", "studio.name", "Harborview Exercise").output
    assert "as it was" in refpad("settings", "set", "studio.name", "Harborview Exercise").output
    assert refpad("settings", "set", "follow_ups.working_days", "Monday", "Thursday").exit_code == 0
    monkeypatch.setenv("REFPAD_TIME_ZONE", "America/Chicago")
    shown = told()
    assert shown["studio.name"] == {"value": "Harborview Exercise", "set_in": None}
    assert shown["follow_ups.working_days"]["value"] == ["Monday", "Thursday"]
    assert shown["time_zone"] == {"value": "America/Chicago", "set_in": "the environment"}
    assert "still invented is its specialist" in refpad("settings", "show").output


def test_a_password_is_asked_for_and_never_printed() -> None:
    """What is typed as an argument stands in the shell's history and in the list of processes."""
    assert isinstance(refpad("settings", "set", "delivery.smtp_password", "sesame").exception, UsageError)
    assert "sesame" not in refpad("settings", "set", "delivery.smtp_password", typed="sesame\n").output
    assert told()["delivery.smtp_password"]["value"] == "(set)"
    assert "sesame" not in refpad("settings", "show").output


def test_a_logo_is_kept_and_taken_away(tmp_path: Path) -> None:
    """One or the other is said."""
    Image.new("RGB", (30, 10), "navy").save(tmp_path / "own.png")
    assert isinstance(refpad("settings", "logo").exception, UsageError)
    assert refpad("settings", "logo", "own.png").exit_code == 0
    assert told()["studio.logo"]["value"]
    assert refpad("settings", "logo", "--none").exit_code == 0
    assert told()["studio.logo"]["value"] is None


def test_pads_and_letters_say_what_they_wait_for(tmp_path: Path) -> None:
    """Unnumbered proofs and samples of letters are for oneself, and are written all the same."""
    refpad("offices", "add", "riverside", "--name", "Riverside Spine")
    for words in (
        ("pad", "print", "met", "--office", "riverside", "--out", "pads.pdf"),
        ("letters", "office", "how_to_refer", "riverside", "--out", "letter.pdf"),
    ):
        error = refpad(*words).exception
        assert isinstance(error, UsageError)
        assert "on the page Settings" in str(error)
    assert refpad("pad", "print", "met", "--slips", "1", "--out", "proof.pdf").exit_code == 0
    assert refpad("letters", "sample", "thank_you", "--out", "sample.pdf").exit_code == 0
    chased = refpad("chase")
    assert chased.exit_code == 0
    assert "Pads and letters wait" in chased.output


def test_a_test_letter_without_a_server_says_what_to_do() -> None:
    """As the page does."""
    assert "No mail server is set" in str(refpad("settings", "test-mail", "desk@lakeside.example").exception)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("follow_ups.holidays", "ZQ"), "No public holidays of ZQ are known: choose a country's code, such as US."),
        (("follow_ups.working_days", "Mon", "Tue"), "Choose one or more: Monday,"),
        (("studio.phone", "banana"), "Write a telephone number that is valid in US"),
        (("studio.name", "   "), "Enter it."),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(words: tuple[str, ...], sentence: str) -> None:
    """As the page does; nothing is saved."""
    error = refpad("settings", "set", *words).exception
    assert isinstance(error, UsageError)
    assert sentence in str(error)


@pytest.mark.parametrize("place", ["environment", "refpad.toml", "saved"])
def test_a_country_without_known_holidays_is_told_wherever_it_is_set(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the watcher stops at the first due date, again and again, with a trace."""
    if place == "environment":
        monkeypatch.setenv("REFPAD_FOLLOW_UPS__HOLIDAYS", "ZQ")
    elif place == "refpad.toml":
        Path("refpad.toml").write_text('[follow_ups]\nholidays = "ZQ"\n')
    else:
        Path("refpad-data").mkdir()
        Path("refpad-data/settings.json").write_text('{"follow_ups": {"holidays": "ZQ"}}')
    error = refpad("chase").exception
    assert isinstance(error, UsageError)
    assert "No public holidays of ZQ are known: write a country's two letters" in str(error)


def test_a_full_disk_ends_any_command_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was an unexpected error, to be reported."""
    monkeypatch.setattr("sys.argv", ["refpad", "pad", "print", "met", "--out", "/dev/full"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == ExitCode.BROKEN
    assert "A disk took no more (No space left on device): see with df -h which is full" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("REFPAD_FOLLOW_UPS__WORKING_DAYS", "Monday", "REFPAD_FOLLOW_UPS__WORKING_DAYS in the environment is no list"),
        ("REFPAD_FOLLOW_UPS__BOOK_WITHIN_DAYS", "900", 'follow_ups.book_within_days is "900": write at most 60.'),
        ("REFPAD_POLICY__PHONE_REGION", "ZZ", 'No telephone numbers of "ZZ" are known'),
    ],
)
def test_a_wrong_value_ends_any_command_in_a_sentence(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and neither a traceback nor Pydantic's words."""
    monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["refpad", "settings", "show"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == ExitCode.USAGE
    told = capsys.readouterr().err
    assert sentence in told
    assert "Traceback" not in told
