"""Addresses of webhooks: encrypted, or on this computer; nothing in them that would be sent to the wrong one."""

import pytest

from schemas.errors import UsageError
from schemas.webhook import check_address

GOOD = (
    "https://registry.example/refpad",
    "https://registry.example:8443/refpad?key=1",
    "https://192.168.1.20/hook",
    "http://127.0.0.1:8000/hook",
    "http://localhost:8000/",
    "http://[::1]:8000/",
)
BAD = (
    "http://registry.example/refpad",
    "http://192.168.1.20/hook",
    "http://127.0.0.1.registry.example/",
    "http://localhost.registry.example/",
    "https://user:word@registry.example/",
    "https://127.0.0.1@registry.example/",
    "https://registry.example/#there",
    "https://registry.example:99999/",
    "https://registry.example/a b",
    "https://registry.example/\r\nHost: other",
    "https://réseau.example/",
    "https:///refpad",
    "ftp://registry.example/",
    "file:///etc/passwd",
    "registry.example",
    "https://[::1",
    "",
    "https://registry.example/" + "x" * 500,
)


@pytest.mark.parametrize("url", GOOD)
def test_an_encrypted_address_or_one_of_this_computer_is_taken(url: str) -> None:
    """Whether it may lead into the studio's network is asked when it is resolved."""
    assert check_address(url) == url


@pytest.mark.parametrize("url", BAD)
def test_an_address_in_the_clear_or_of_another_kind_is_refused_in_a_sentence(url: str) -> None:
    """Who is told reads names of patients, where that was chosen; a password in an address would stand in lists."""
    with pytest.raises(UsageError, match="https://"):
        check_address(url)
