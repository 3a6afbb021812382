"""The certificate of the front desk on the local network: private, kept, and made anew in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from refpad.services.lan.certificate import FILE, kept_certificate
from schemas.errors import MachineError

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HOSTS = ("192.168.1.20", "desk", "desk.local")


def test_the_first_start_makes_one_that_nobody_else_can_read(tmp_path: Path) -> None:
    """Whoever has the key can pretend to be the front desk."""
    made = kept_certificate(tmp_path / "tls", HOSTS, NOW)
    assert made.path == tmp_path / "tls" / FILE
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o077 == 0
    assert made.hosts == HOSTS
    assert ":".join(made.rows) == made.fingerprint
    assert len(made.rows) == 4


def test_the_next_start_uses_the_same_one(tmp_path: Path) -> None:
    """A browser that was told to go on knows it again, and warns of any other."""
    first = kept_certificate(tmp_path, HOSTS, NOW)
    first.path.chmod(0o644)  # a copy from elsewhere
    assert kept_certificate(tmp_path, HOSTS[::-1], NOW + timedelta(days=360)) == first
    assert first.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("hosts", "days"), [(HOSTS, 370), (HOSTS, 500), (("192.168.1.21", "desk", "desk.local"), 0)])
def test_one_that_ends_soon_or_names_another_address_is_made_anew(
    hosts: tuple[str, ...], days: int, tmp_path: Path
) -> None:
    """No browser accepts an old one, nor one of another address."""
    first, now = kept_certificate(tmp_path, HOSTS, NOW), NOW + timedelta(days=days)
    second = kept_certificate(tmp_path, hosts, now)
    assert second.fingerprint != first.fingerprint
    assert second.until > now + timedelta(days=365)


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_damaged_one_is_made_anew(content: bytes, tmp_path: Path) -> None:
    """Nobody has to know which file to take away."""
    (tmp_path / FILE).write_bytes(content)
    assert kept_certificate(tmp_path, HOSTS, NOW).hosts == HOSTS


def test_a_folder_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    """Without a certificate nothing is served to the network."""
    (tmp_path / "tls").write_text("a file")
    with pytest.raises(MachineError, match="cannot be used"):
        kept_certificate(tmp_path / "tls", HOSTS, NOW)
