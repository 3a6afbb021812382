"""Nobody is told over a name that leads into the studio's network, or to where a cloud keeps its keys."""

from ipaddress import ip_address

import pytest

from refpad.services.webhooks.address import NotReachedError, may_be_reached, resolved
from tests.event_loops import run_alone

# Who may be reached: always, only when that was entered, never. IPv4 in IPv6 and shared space (RFC 6598) as well.
OF_ALL = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
OF_LOCAL = ("10.0.0.1", "172.16.3.4", "192.168.1.20", "fd12:3456::1", "100.64.0.7")
OF_NONE = ("169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1")  # noqa: S104 - judged, not listened on


@pytest.mark.parametrize("address", OF_ALL + OF_LOCAL + OF_NONE)
def test_where_a_message_may_go_is_what_an_admin_entered(address: str) -> None:
    """A program that can choose where our requests go sees what the internet must not see."""
    judged = [may_be_reached(ip_address(address), on_loopback=False, in_local_network=local) for local in (False, True)]
    assert judged == [address in OF_ALL, address in OF_ALL + OF_LOCAL]


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("http://127.0.0.1:80/", True),
        ("http://localhost:80/", True),
        ("https://[::ffff:127.0.0.1]/", False),
        ("https://[::ffff:10.0.0.1]/", False),
        ("https://0x7f000001/", False),
        ("https://2130706433/", False),
        ("https://10.0.0.1/", False),
        ("https://169.254.169.254/", False),
        ("https://nowhere.invalid/", False),
    ],
)
def test_the_address_behind_a_name_is_judged_and_not_the_name(url: str, is_open: bool) -> None:
    """Resolvers know many ways to write 127.0.0.1; this computer is open only to those who wrote it plainly."""
    if is_open:
        assert run_alone(resolved(url, in_local_network=False)).is_loopback
        return
    with pytest.raises(NotReachedError):
        run_alone(resolved(url, in_local_network=False))
