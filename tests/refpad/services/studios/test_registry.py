"""Which studios there are, and how the settings of one differ from another's."""

from pathlib import Path

import pytest

from refpad.services.studios.registry import (
    Registry,
    StudioEntry,
    all_settings,
    changing,
    environment_of_studio,
    keep_registry,
    read_registry,
    settings_of,
)
from refpad.settings import Settings, fixed_settings
from schemas.errors import MachineError, UsageError
from schemas.front_desk import FrontDeskSettings
from schemas.serial_block import SerialBlock

MAIN = StudioEntry(key="main", name="Main", number=0, serials=SerialBlock(first=1, last=99_999))
NORTH = StudioEntry(key="north-1", name="North", number=1, serials=SerialBlock(first=100_000, last=199_999))


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the first of two studios."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("REFPAD_DELIVERY__SMTP_HOST", "mail.first.example")
    with changing(Settings()):
        keep_registry(Settings(), Registry(studios=(MAIN, NORTH)))
    return Settings()


def test_all_that_is_a_studios_own_lies_in_a_folder_of_its_own(first: Settings) -> None:
    """No two studios share a file that either writes, nor a database; Prefect alone is one for all."""
    _, north = all_settings(first)
    own = (north.folder, north.inbox, north.store_folder, north.exports, north.letters, north.designs, north.words)
    assert all(path.is_relative_to(first.folder / "studios" / "north-1") for path in own)
    assert str(north.store_folder.absolute()) in north.url
    assert north.prefect_home == first.prefect_home
    assert north.saved_file != first.saved_file


def test_a_database_of_postgresql_has_a_schema_for_each_further_studio(
    first: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first stays where it was; an SQLite file that somebody named is the first's alone."""
    monkeypatch.setenv("REFPAD_DATABASE_URL", "postgresql://refpad@db/refpad")
    base, north = all_settings(Settings())
    assert base.url == "postgresql://refpad@db/refpad"
    assert north.url == "postgresql://refpad@db/refpad?options=-csearch_path%3Dstudio_north_1"
    monkeypatch.setenv("REFPAD_DATABASE_URL", "sqlite:////srv/first.sqlite")
    assert "first.sqlite" not in all_settings(Settings())[1].url


def test_what_the_environment_says_of_the_first_studio_is_not_the_others(first: Settings) -> None:
    """A second studio's letters must not carry the first one's name, nor leave by its mail server."""
    north = settings_of(first, NORTH)
    assert first.studio.name == "Lakeside Medical Exercise"
    assert first.delivery.smtp_host == "mail.first.example"
    assert north.delivery.smtp_host is None
    assert north.studio.invented  # until an admin of it enters its own
    assert {name.partition(".")[0] for name in fixed_settings(north)} & {"studio", "delivery"} == set()
    assert "studio.name" in fixed_settings(first)


def test_a_command_with_a_studios_key_has_the_settings_of_that_studio(
    first: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the front desk serves as north and what `--studio north` works on must be one."""
    for name, value in environment_of_studio(first, "north-1").items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings_of(first, NORTH)
    with pytest.raises(UsageError, match='There is no studio "south"'):
        environment_of_studio(first, "south")


def test_each_studio_has_an_address_and_answers_to_no_other_ones(first: Settings) -> None:
    """Names keep cookies, links and origins apart; where the network knows only addresses, ports do."""
    lan = FrontDeskSettings(lan=True, lan_address="192.168.1.20", lan_names=("desk.local",))
    north = FrontDeskSettings.model_validate({**lan.model_dump(), "subdomain": "north-1", "lan_port": 4444})
    assert settings_of(first, NORTH).front_desk.url == "http://north-1.localhost:4180"
    assert north.url == "https://192.168.1.20:4444"
    assert not lan.origins & north.origins
    proxied = FrontDeskSettings(origin="https://desk.example", subdomain="north-1")
    assert proxied.origins == {"https://north-1.desk.example"}


def test_where_nobody_has_added_a_studio_there_is_one(tmp_path: Path) -> None:
    """An installation of before has no list, and is served as it was; a list that is damaged is told."""
    alone = Settings(folder=tmp_path / "data")
    assert all_settings(alone) == [alone]
    assert environment_of_studio(alone, "main") == {}
    alone.folder.mkdir()
    (alone.folder / "studios.json").write_text("{")
    with pytest.raises(MachineError, match="is no list of studios"):
        read_registry(alone)
