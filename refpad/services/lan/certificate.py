"""The certificate with which the front desk is served to the local network: made here, known by its fingerprint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from refpad.services.lan.address import lan_folder
from refpad.settings import Settings
from schemas.atomic_write import replace_file
from schemas.errors import MachineError

FILE = "front-desk.pem"
VALID_FOR = timedelta(days=397)  # iOS and macOS refuse more than 825 (support.apple.com/103769), browsers soon 398
RENEWED_BEFORE = timedelta(days=30)
CLOCKS_DIFFER = timedelta(days=1)  # a telephone whose clock is behind must not find it not valid yet
ROW_BYTES = 8  # a fingerprint in four rows is compared without losing the place


@dataclass(frozen=True)
class Certificate:
    """`path` holds key and certificate as PEM; `fingerprint` is the SHA-256 that browsers show, "AB:CD:..."."""

    path: Path
    fingerprint: str
    hosts: tuple[str, ...]
    until: datetime

    @property
    def rows(self) -> tuple[str, ...]:
        """The fingerprint in rows of 8 bytes."""
        pairs = self.fingerprint.split(":")
        return tuple(":".join(pairs[at : at + ROW_BYTES]) for at in range(0, len(pairs), ROW_BYTES))


def _now() -> datetime:
    return datetime.now(UTC)


def certificate_of(settings: Settings, now: Callable[[], datetime] = _now) -> Certificate:
    """The certificate with which the front desk is served; by the clock of all browsers, whatever `today` is set to."""
    return kept_certificate(lan_folder(settings), settings.front_desk.lan_hosts, now())


def kept_certificate(folder: Path, hosts: Sequence[str], now: datetime) -> Certificate:
    """The certificate in `folder` for these addresses and names; a new one when there is none, or it ends soon.

    Raises MachineError when the folder cannot be used.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = _kept(path)
        if kept is not None and set(kept.hosts) == set(hosts) and kept.until - now > RENEWED_BEFORE:
            path.chmod(0o600)
            return kept
        with replace_file(path) as file:
            file.write(_made(hosts, now))
        return _read(path)
    except OSError as error:
        raise MachineError(f"{path} cannot be used ({error.strerror}): give refpad the right to.") from None


def _kept(path: Path) -> Certificate | None:
    try:
        return _read(path)
    except (FileNotFoundError, ValueError):  # damaged: a new one takes its place
        return None


def _read(path: Path) -> Certificate:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    hosts = *map(str, names.get_values_for_type(x509.IPAddress)), *names.get_values_for_type(x509.DNSName)
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(path, fingerprint, hosts, certificate.not_valid_after_utc)


def _made(hosts: Sequence[str], now: datetime) -> bytes:
    """A key and a certificate of its own, as PEM one behind the other: one file cannot hold half of a pair."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "refpad front desk")])
    begin = now.astimezone(UTC) - CLOCKS_DIFFER
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem + certificate.public_bytes(Encoding.PEM)


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
