"""The front desk on the local network, met by real TLS clients. Loopback stands for that network: 127.0.0.2."""

import asyncio
import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from refpad.services.lan.certificate import certificate_of
from schemas.users import Role
from tests.flows.prefect_server import free_port
from tests.web.browser import NARROW, WIDE, violations
from tests.web.studio import PASSWORD, Studio, open_studio, scratch
from web.server import serve, server_config

ADDRESS, START_S = "127.0.0.2", 30.0


@contextmanager
def served(studio: Studio) -> Iterator[None]:
    """The studio's front desk as `python -m web.server` serves it."""
    server = uvicorn.Server(server_config(studio.settings, studio.app))  # type: ignore[arg-type]
    thread = threading.Thread(target=lambda: asyncio.run(serve([studio.settings], server)))
    thread.start()
    until = time.monotonic() + START_S
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def lan() -> Iterator[Studio]:
    with (
        scratch() as folder,
        open_studio(
            folder, port=free_port(), lan=True, lan_address=ADDRESS, lan_port=free_port(), lan_names=("desk.local",)
        ) as studio,
        served(studio),
    ):
        studio.add_user("kim")
        yield studio


def client(studio: Studio) -> httpx.Client:
    """A browser that was told to trust this one certificate, and nothing else."""
    trusted = ssl.create_default_context(cafile=str(certificate_of(studio.settings).path))
    return httpx.Client(verify=trusted, base_url=studio.settings.front_desk.url, trust_env=False)


def test_the_fingerprint_shown_is_that_of_the_certificate_served(lan: Studio) -> None:
    """By it a person knows that nobody stands between; it is what the browser shows."""
    told = certificate_of(lan.settings)
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((ADDRESS, lan.settings.front_desk.lan_port), timeout=30) as plain,
        blind.wrap_socket(plain) as encrypted,
    ):
        served_der = encrypted.getpeercert(binary_form=True)
    assert served_der is not None
    assert hashlib.sha256(served_der).digest().hex(":").upper() == told.fingerprint


def test_signing_in_by_tls_gives_a_cookie_that_travels_encrypted_only(lan: Studio) -> None:
    """And a certificate that is trusted is good for the address as well as for the name."""
    with client(lan) as browser:
        origin = {"Origin": lan.settings.front_desk.url}
        answer = browser.post("/login", data={"name": "kim", "password": PASSWORD}, headers=origin)
        assert answer.status_code == 303
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 2
        for cookie in cookies:
            assert "; Secure" in cookie
        assert browser.get("/review").status_code == 200
        # No HSTS: for a certificate that no authority signed it would take the way on from the browser's warning.
        assert "strict-transport-security" not in answer.headers


def test_at_this_computer_it_goes_on_as_before(lan: Studio) -> None:
    """Without encryption, on loopback, where a secure cookie would not come back."""
    local = lan.settings.front_desk.local_url
    answer = httpx.post(
        f"{local}/login", data={"name": "kim", "password": PASSWORD}, headers={"Origin": local}, trust_env=False
    )
    assert answer.status_code == 303
    assert "Secure" not in answer.headers["set-cookie"]


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.99:4443", "desk.local", ""])
def test_only_the_names_of_this_computer_are_answered(host: str, lan: Studio) -> None:
    """DNS rebinding: a page of elsewhere whose name suddenly means this computer gets nothing."""
    with client(lan) as browser:
        assert browser.get("/login", headers={"Host": host}).status_code == 421
        ours = f"desk.local:{lan.settings.front_desk.lan_port}"
        assert browser.get("/login", headers={"Host": ours}).status_code == 200
        foreign = browser.post("/login", data={}, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403


def test_whoever_forgets_the_s_of_https_is_led_on(lan: Studio) -> None:
    """Browsers put http before an address that is typed; what was asked for is not repeated."""
    desk = lan.settings.front_desk
    answer = httpx.get(
        f"http://{ADDRESS}:{desk.lan_port}/first/secret", trust_env=False, headers={"Host": "evil.example"}
    )
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{desk.url}/"
    assert answer.text == f"The front desk is at {desk.url} only: type https before the address.\n"


def test_connections_that_say_nothing_or_nonsense_keep_nobody_out(lan: Studio) -> None:
    """A port scan, a printer, a telephone that loses its network in the middle."""
    place = (ADDRESS, lan.settings.front_desk.lan_port)
    silent = [socket.create_connection(place, timeout=30) for _ in range(20)]
    for content in (b"\x16\x03\x01nonsense", b"\x00\xff" * 40, b"\x16"):
        with socket.create_connection(place, timeout=30) as stranger:
            stranger.sendall(content)
    with client(lan) as browser:
        assert browser.get("/login").status_code == 200
    for connection in silent:
        connection.close()


def test_old_versions_of_tls_are_refused(lan: Studio) -> None:
    """RFC 8996: what is older than 1.2 is no protection."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((ADDRESS, lan.settings.front_desk.lan_port), timeout=30) as plain,
        pytest.raises(ssl.SSLError),
    ):
        old.wrap_socket(plain)


def test_without_the_setting_nothing_listens_beyond_loopback() -> None:
    """`refpad up` alone stays as it was."""
    with (
        scratch() as folder,
        open_studio(folder, port=free_port(), lan_address=ADDRESS, lan_port=free_port()) as studio,
        served(studio),
    ):
        assert httpx.get(f"{studio.settings.front_desk.local_url}/login", trust_env=False).status_code == 200
        for port in (studio.settings.front_desk.lan_port, studio.settings.front_desk.port):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((ADDRESS, port), timeout=30)


@pytest.mark.parametrize(
    ("trusted", "counts"), [("127.0.0.1", "203.0.113.7"), (None, "127.0.0.1"), ("127.0.0.9", "127.0.0.1")]
)
def test_only_a_trusted_proxy_says_where_a_request_came_from(
    trusted: str | None, counts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever guesses passwords gives each guess its own address, and the throttle never sees them as one."""
    with scratch() as folder:
        desk = {"origin": "https://desk.example", "trusted_proxy": trusted}
        with open_studio(folder, port=free_port(), **desk) as studio, served(studio):
            studio.add_user("kim")
            seen: list[str] = []
            logins = studio.app.state.services.now().tools.logins  # type: ignore[attr-defined]
            forget = logins.forget
            monkeypatch.setattr(logins, "forget", lambda *who: (seen.append(who[1]), forget(*who)))
            headers = {
                "Host": "desk.example",
                "Origin": "https://desk.example",
                "X-Forwarded-For": "6.6.6.6, 203.0.113.7",
                "X-Forwarded-Proto": "https",
            }
            answer = httpx.post(
                f"http://127.0.0.1:{studio.settings.front_desk.port}/login",
                data={"name": "kim", "password": PASSWORD},
                headers=headers,
                trust_env=False,
            )
            assert answer.status_code == 303
            assert "; Secure" in answer.headers["set-cookie"]
            assert seen == [counts]


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_a_telephone_signs_in_and_everybody_finds_the_fingerprint(
    scheme: str, size: dict[str, int], lan: Studio, chromium: Browser
) -> None:
    """In a real browser, past its warning; whatever is shown there can be used by everybody."""
    if "ada" not in lan.people:
        lan.add_user("ada", Role.ADMIN)
        lan.people.append("ada")
    window = chromium.new_context(
        base_url=lan.settings.front_desk.url,
        ignore_https_errors=True,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport=size,  # type: ignore[arg-type]
    )
    page = window.new_page()
    page.goto("/login")
    page.fill("[name=name]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto("/settings")
    card = page.locator("#lan")
    for row in certificate_of(lan.settings).rows:
        expect(card).to_contain_text(row)
    expect(card.get_by_role("img", name="QR code")).to_be_visible()
    assert violations(page) == []
    page.goto("/people")
    page.get_by_label("Name").fill(f"lee-{scheme}")
    page.get_by_role("button", name="Add user").click()
    assert page.get_by_label("Link", exact=True).input_value().startswith(f"{lan.settings.front_desk.url}/first/")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    window.close()
