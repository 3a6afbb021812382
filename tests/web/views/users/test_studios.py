"""From one studio's front desk to another's, for who belongs to both."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from refpad.services.studios.registry import Member, Registry, StudioEntry
from schemas.serial_block import SerialBlock
from schemas.users import Role
from store.users import guests, users
from tests.audit import audit_lines
from tests.web.studio import ORIGIN, Person, Studio, open_studio, scratch
from web.services.switchboard import TICKET_S, Switchboard
from web.studios import StudioDesks

URLS = {"main": ORIGIN, "north": "http://north.localhost:4180"}
STUDIOS = tuple(
    StudioEntry(key=key, name=key.title(), number=number, serials=SerialBlock(first=number + 1, last=number + 1))
    for number, key in enumerate(URLS)
)
KIM = Member(studio="north", user="kim-main", home="main", home_user="kim")


class Town:
    """Two studios that one process serves; kim of the first enters the second, lee does not."""

    def __init__(self, main: Studio, north: Studio, now_s: list[float]) -> None:
        self.main, self.north, self.now_s = main, north, now_s
        self.desks = StudioDesks([main.app, north.app])  # type: ignore[list-item]

    def at(self, studio: str) -> Person:
        """Somebody at a studio's front desk who has not signed in there."""
        url = URLS[studio]
        return Person(TestClient(self.desks, base_url=url, follow_redirects=False), origin=url)

    def signed_in(self, name: str) -> Person:
        """Somebody signed in at the first studio."""
        someone = self.at("main")
        assert someone.sign_in(name).status_code == 303
        return someone

    def ticket(self) -> str:
        """The way by which kim comes to the second studio, asked for now."""
        return self.signed_in("kim").get("/studios/north").headers["location"].removeprefix(URLS["north"])


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    now_s = [0.0]
    board = Switchboard(
        lambda: Registry(studios=STUDIOS, members=(KIM,)), lambda studio: URLS[studio], lambda: now_s[0]
    )
    with (
        scratch() as folder,
        open_studio(folder / "main", switchboard=board) as main,
        open_studio(folder / "north", switchboard=board, subdomain="north") as north,
    ):
        for name in ("kim", "lee"):
            main.add_user(name)
        guests.add_guest(north.store, "kim-main", Role.REVIEWER, "root")
        yield Town(main, north, now_s)


def test_who_belongs_to_two_studios_goes_from_one_to_the_other_and_back(town: Town) -> None:
    """Without a second password, and signed in at one of them at a time."""
    kim = town.signed_in("kim")
    assert "Go to North" in kim.get("/me").text
    left = kim.get("/studios/north").headers["location"]
    assert kim.get("/").headers["location"] == "/login"
    there = town.at("north")
    assert there.get(left.removeprefix(URLS["north"])).headers["refresh"].startswith("0; url=/")
    shown = there.get("/me").text
    assert "kim-main" in shown
    assert "Go to Main" in shown
    assert "kim-main" in {line["who"] for line in audit_lines(town.north.store) if line["what"] == "login"}
    back = there.get("/studios/main").headers["location"]
    home = town.at("main")
    home.get(back.removeprefix(URLS["main"]))
    assert home.get("/me").status_code == 200


def test_a_way_in_is_for_one_person_at_one_studio_once_and_for_seconds(town: Town) -> None:
    """It stands in an address: what is copied, guessed or late opens nothing."""
    assert town.signed_in("lee").get("/studios/north").status_code == 400
    assert "Go to" not in town.signed_in("lee").get("/me").text
    once = town.ticket()
    assert town.at("main").get(once).status_code == 400  # of another studio
    assert town.at("north").get(once).status_code == 400  # it was used
    late = town.ticket()
    town.now_s[0] += TICKET_S + 1
    assert town.at("north").get(late).status_code == 400
    assert town.at("north").get("/arrive/guessed").status_code == 400


def test_an_account_that_is_somebody_elses_by_now_lets_nobody_in(town: Town) -> None:
    """An admin of the second studio removes a guest, or gives the name to somebody with a password."""
    north = town.north.store
    users.remove(north, "kim-main", "root")
    assert town.at("north").get(town.ticket()).status_code == 400
    link = users.link(north, "kim-main", "root")
    assert town.at("north").get(town.ticket()).status_code == 400
    users.redeem(north, link, "kim-main", str(users.password_hash(town.main.store, "kim")))
    assert town.at("north").get(town.ticket()).status_code == 400
    other = town.at("north")
    assert other.sign_in("kim-main").status_code == 303
    assert "Go to" not in other.get("/me").text
