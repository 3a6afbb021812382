"""Under which addresses the front desk is found, and which may be set."""

import pytest

from schemas.errors import UsageError
from schemas.front_desk import FrontDeskSettings


def test_without_the_local_network_only_this_computer_is_named() -> None:
    """An address for the network alone does not open the door to it."""
    desk = FrontDeskSettings(lan_address="192.168.1.20", lan_names=("desk",))
    assert desk.url == desk.local_url == "http://127.0.0.1:4180"
    assert desk.origins == {"http://127.0.0.1:4180", "http://localhost:4180"}
    assert not desk.is_on_lan


def test_on_the_local_network_links_carry_its_address_and_its_names_are_ours_too() -> None:
    """A link that says 127.0.0.1 leads a telephone to itself."""
    desk = FrontDeskSettings(lan=True, lan_address="192.168.1.20", lan_names=("desk", "desk.local"))
    assert desk.url == "https://192.168.1.20:4443"
    assert desk.origins >= {"https://192.168.1.20:4443", "https://desk:4443", "https://desk.local:4443"}
    assert desk.local_url in desk.origins


def test_the_port_of_https_is_left_out_as_browsers_leave_it_out() -> None:
    """They compare what stands in the address, and so do we."""
    desk = FrontDeskSettings(lan=True, lan_address="10.0.0.5", lan_port=443)
    assert desk.url == "https://10.0.0.5"


def test_behind_a_proxy_links_carry_its_address() -> None:
    """Whoever is in the local network comes by the public address, too."""
    desk = FrontDeskSettings(lan=True, lan_address="10.0.0.5", origin="https://desk.example")
    assert desk.url == "https://desk.example"
    assert desk.local_url not in desk.origins


@pytest.mark.parametrize("address", ["0.0.0.0", "8.8.8.8", "224.0.0.1", "desk", "fe80::1", "192.168.1.300", ""])  # noqa: S104
def test_an_address_that_others_could_reach_is_refused(address: str) -> None:
    """Patients' data is not offered to the internet, nor to every network that the computer happens to be in."""
    with pytest.raises(UsageError, match="is no address of a local network"):
        FrontDeskSettings(lan_address=address)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.9", "192.168.178.20", "169.254.7.7", "100.64.0.3", "127.0.0.2"]
)
def test_addresses_of_local_networks_are_taken(address: str) -> None:
    """Private ones, those that machines give themselves, those of a carrier or a VPN, and loopback."""
    assert FrontDeskSettings(lan_address=address).lan_address == address


@pytest.mark.parametrize("proxy", ["*", "proxy", "10.0.0.0/8", "127.0.0.1, 10.0.0.2"])
def test_a_proxy_that_is_trusted_is_one_machine(proxy: str) -> None:
    """Whoever is trusted can make any address up: never a whole network."""
    with pytest.raises(UsageError, match="write the one address"):
        FrontDeskSettings(trusted_proxy=proxy)
