"""The address at which the local network finds this computer."""

from pathlib import Path

import pytest

from refpad.services.lan.address import environment_of, front_desk_url, names_of, noted, with_lan
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.front_desk import FrontDeskSettings


def settings_in(folder: Path, **desk: object) -> Settings:
    return Settings(folder=folder, front_desk=FrontDeskSettings.model_validate(desk))


def test_nothing_is_looked_for_where_nobody_asked_for_the_network(tmp_path: Path) -> None:
    """Everything stays on loopback."""
    settings = settings_in(tmp_path)
    assert with_lan(settings) is settings
    assert environment_of(settings) == {}


def test_the_parts_are_told_the_same_address_and_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The front desk, the watcher and the command line name one address, whatever each would find."""
    settings = with_lan(settings_in(tmp_path, lan=True, lan_address="127.0.0.2"), lambda: "Front-Desk")
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings(folder=tmp_path).front_desk.origins == settings.front_desk.origins
    assert settings.front_desk.lan_hosts == ("127.0.0.2", "front-desk", "front-desk.local")


def test_names_that_were_set_are_kept(tmp_path: Path) -> None:
    """Also none at all."""
    for names in (("desk.example",), ()):
        settings = with_lan(settings_in(tmp_path, lan=True, lan_address="127.0.0.2", lan_names=names), lambda: "mac")
        assert settings.front_desk.lan_names == names


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("Desk", ("desk", "desk.local")),
        ("desk.lakeside.example", ("desk.lakeside.example",)),
        ("localhost", ()),
        ("a_b", ()),
        ("", ()),
        ("Kims's Mac", ()),
        ("-x", ()),
    ],
)
def test_a_computers_name_is_used_where_a_browser_could_type_it(host: str, names: tuple[str, ...]) -> None:
    """What is no host name can stand in no certificate."""
    assert names_of(host) == names


def test_an_address_of_another_computer_is_refused_before_anything_starts(tmp_path: Path) -> None:
    """The router gave it another one: the sentence says what to correct."""
    with pytest.raises(
        UsageError, match=r"does not have the address 192\.168\.213\.77: correct REFPAD_FRONT_DESK__LAN"
    ):
        with_lan(settings_in(tmp_path, lan=True, lan_address="192.168.213.77"))


def test_other_commands_name_the_address_while_it_is_served_and_no_longer(tmp_path: Path) -> None:
    """`refpad users add`, typed in another terminal, prints a link that a telephone can open."""
    plain = settings_in(tmp_path)
    with noted(settings_in(tmp_path, lan=True, lan_address="127.0.0.2")):
        assert front_desk_url(plain) == "https://127.0.0.2:4443"
    assert front_desk_url(plain) == "http://127.0.0.1:4180"


def test_what_a_killed_start_left_behind_misleads_nobody(tmp_path: Path) -> None:
    """The next start without the network takes it away."""
    lan = noted(settings_in(tmp_path, lan=True, lan_address="127.0.0.2"))
    lan.__enter__()
    with noted(settings_in(tmp_path)):
        assert front_desk_url(settings_in(tmp_path)) == "http://127.0.0.1:4180"
