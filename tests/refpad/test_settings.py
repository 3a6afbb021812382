"""Settings come from the environment over a file, and none is passed over without a word."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from refpad.ops import variables
from refpad.ops.checkup import WarningError
from refpad.settings import RENAMED, Settings, fixed_settings
from schemas.errors import UsageError


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_group_by_its_old_name_is_refused_with_the_new_one(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit that somebody set long ago and that no longer holds would be noticed by its harm only."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refpad.toml").write_text(f"[{old}]\nport = 4190\n")
    with pytest.raises(UsageError, match=rf"\[{old}\] are called \[{new}\] now"):
        Settings()


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_variable_by_its_old_name_is_refused_with_the_new_one(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pydantic does not look at variables it does not know, so that the old one would change nothing."""
    monkeypatch.setenv(f"REFPAD_{old.upper()}__PORT", "4190")
    with pytest.raises(UsageError, match=f"is called REFPAD_{new.upper()}__PORT now"):
        Settings()


SECRETS = {
    "REFPAD_DATABASE_URL": lambda settings: settings.database_url,
    "REFPAD_PREFECT_DATABASE_URL": lambda settings: settings.prefect_database_url,
    "REFPAD_PREFECT_AUTH": lambda settings: settings.prefect_auth,
    "REFPAD_DELIVERY__SMTP_PASSWORD": lambda settings: settings.delivery.smtp_password,
    "REFPAD_MAILBOX__PASSWORD": lambda settings: settings.mailbox.password,
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_read_from_the_file_that_its_variable_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may look at a container's environment then sees a path; a wrong one is said, and no secret with it."""
    file = tmp_path / "secret"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{name}_FILE", str(file))
    monkeypatch.setenv("REFPAD_DELIVERY__SMTP_HOST", "mail.example")
    monkeypatch.setenv("REFPAD_DELIVERY__SMTP_CA_FILE", "ca.pem")
    with pytest.raises(UsageError, match=f"The file {file} that {name}_FILE names cannot be read"):
        Settings()
    file.write_text("")
    with pytest.raises(UsageError, match=f"{name}_FILE names is empty"):
        Settings()
    file.write_text("postgresql://open-sesame\n")
    settings = Settings()
    assert SECRETS[name](settings).get_secret_value() == "postgresql://open-sesame"
    assert (settings.delivery.smtp_host, settings.delivery.smtp_ca_file) == ("mail.example", Path("ca.pem"))
    assert "postgresql://open-sesame" not in repr(settings)
    secret = name.removeprefix("REFPAD_").lower().replace("__", ".")
    assert fixed_settings(settings)[secret] == "the environment"
    monkeypatch.setenv(name, "another")
    with pytest.raises(UsageError, match=f"Both {name} and {name}_FILE are set"):
        Settings()
    monkeypatch.delenv(name)
    monkeypatch.setenv(f"{name}_FILE", "")
    with pytest.raises(UsageError, match=f"{name}_FILE names no file"):
        Settings()


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_set_to_nothing_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a script sets it whose own variable is missing: the record went into another database without a word."""
    monkeypatch.setenv(name, " ")
    with pytest.raises(UsageError, match=f"{name} is empty: write its value, or leave it out"):
        Settings()


def test_a_secret_that_is_nothing_in_the_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name that it has there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refpad.toml").write_text('[mailbox]\npassword = ""\n')
    with pytest.raises(UsageError, match=r"mailbox\.password in refpad\.toml is empty"):
        Settings()


def test_settings_saved_in_a_folder_below_the_home_folder_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`folder = "~/refpad"` in the file, which no shell expands, made a folder called ~ in the folder of the start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "refpad").mkdir(parents=True)
    (tmp_path / "home" / "refpad" / "settings.json").write_text('{"inbox_depth": 5}')
    (tmp_path / "refpad.toml").write_text('folder = "~/refpad"\n')
    assert (Settings().folder, Settings().inbox_depth) == (tmp_path / "home" / "refpad", 5)


@pytest.mark.parametrize("saved", ['{"studio": 7}', '{"studio": {"logo": 7}}', '{"studio": null}'])
def test_saved_settings_of_another_shape_are_refused_in_pydantics_way(
    saved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which every command turns into a sentence; looking for the logo in them was an unexpected error."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("REFPAD_STUDIO__")]:
        monkeypatch.delenv(name)
    (tmp_path / "settings.json").write_text(saved)
    with pytest.raises(ValidationError, match="studio"):
        Settings()


def test_a_variable_that_sets_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter less, and the record goes into a file where PostgreSQL was meant: Pydantic passes over such a name."""
    monkeypatch.setenv("REFPAD_STUDIO_KEY", "north")
    monkeypatch.setenv("refpad_database_url_file", "secrets/url")
    assert variables.check(Settings.model_construct()) == "each variable sets something"
    monkeypatch.setenv("REFPAD_DATABSE_URL_FILE", "secrets/url")
    monkeypatch.setenv("REFPAD_PREFECT_URL_FILE", "secrets/url")
    with pytest.raises(WarningError, match=r"^REFPAD_DATABSE_URL_FILE, REFPAD_PREFECT_URL_FILE in .* set nothing$"):
        variables.check(Settings.model_construct())


def test_every_secret_may_lie_in_a_file() -> None:
    """A new one must not be forgotten in the list that people read."""

    def secrets_of(model: type[BaseModel], prefix: str) -> Iterator[str]:
        for name, field in model.model_fields.items():
            if "SecretStr" in str(field.annotation):
                yield f"{prefix}{name.upper()}"
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                yield from secrets_of(field.annotation, f"{prefix}{name.upper()}__")

    assert set(secrets_of(Settings, "REFPAD_")) == set(SECRETS)


def test_every_new_name_is_a_group_of_settings() -> None:
    """The sentence must not lead to a name that is gone too."""
    assert set(RENAMED.values()) <= set(Settings.model_fields)
    assert not set(RENAMED) & set(Settings.model_fields)


@pytest.mark.parametrize(
    ("content", "place"),
    [(b'folder = "a"\nfolder 3\n', "line 2"), (b"folder = [", "its last line"), (b"\n\nfolder = '\xff'\n", "line 3")],
)
def test_a_settings_file_that_is_no_toml_is_told_by_its_line(
    content: bytes, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever mistyped must see where, and nothing of a library's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refpad.toml").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        Settings()
    assert str(caught.value) == f"refpad.toml cannot be understood at {place}: mend that line."


@pytest.mark.parametrize("zone", ["Foo", "", "America", "../../etc/passwd"])
def test_a_time_zone_that_is_none_is_named(zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment or from the file, it is the same slip of the pen."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refpad.toml").write_text(f'time_zone = "{zone}"\n')
    with pytest.raises(UsageError, match=f'There is no time zone "{re.escape(zone)}": write REFPAD_TIME_ZONE'):
        Settings()
    (tmp_path / "refpad.toml").unlink()
    monkeypatch.setenv("REFPAD_TIME_ZONE", zone)
    with pytest.raises(UsageError, match="There is no time zone"):
        Settings()


def test_a_data_folder_whose_path_no_address_can_hold_is_refused(tmp_path: Path) -> None:
    """Its record would lie in another file, outside the folder that is private and backed up."""
    with pytest.raises(UsageError, match=r'what\? has a "\?" in its path: set REFPAD_FOLDER'):
        _ = Settings(folder=tmp_path / "what?").url
