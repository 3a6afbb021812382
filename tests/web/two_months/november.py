"""November: the set-up, the first slips, the first calls."""

from datetime import date

from PIL import Image
from playwright.sync_api import Page, expect

from refpad.services.intake.run_once import drain, take_in_inbox
from schemas.followup import LetterKind
from store.users.users import first_link
from tests.smtp_sink import PASSWORD as MAIL_PASSWORD
from tests.smtp_sink import USER as MAIL_USER
from tests.smtp_sink import Sink
from tests.web.simulated_slips import design_of
from tests.web.studio import PASSWORD
from tests.web.two_months.player import Player
from tests.web.two_months.slips import ADA, BEN, CARLA, DEV, ESTHER, FRANK, STUDIO, Slip, scan


def first_start(player: Player, sink: Sink) -> None:
    """From the first link to numbered pads, with nothing typed into a terminal."""
    player.day(date(2026, 11, 20), "the first start")
    page = player.window("robin")
    page.goto(f"/first/{first_link(player.desk.studio.store)}")
    page.get_by_label("Name").fill("robin")
    _choose_password(page)
    page.wait_for_url("**/setup/studio")
    player.signed_in.add("robin")
    _set_up(player, page, sink)
    _add_kim(player, page)
    _add_offices(player)


def _choose_password(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat the password").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()


def _set_up(player: Player, page: Page, sink: Sink) -> None:
    for label, value in (
        ("Studio name", STUDIO.name),
        ("Specialist and credentials", STUDIO.specialist),
        ("Address", STUDIO.address),
        ("Phone", STUDIO.phone),
        ("Email", STUDIO.email),
    ):
        page.get_by_label(label).fill(value)
    player.album.show(page, "set-up")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/setup/logo")
    Image.new("RGB", (300, 100), "teal").save(player.folder / "logo.png")
    page.locator("#files").set_input_files(player.folder / "logo.png")
    expect(page.get_by_alt_text("The logo as it is printed")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/setup/policy")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/setup/mail")
    page.get_by_label("Mail server").fill("localhost")
    page.get_by_label("Port").fill(str(sink.delivery.smtp_port))
    page.get_by_label("User name there").fill(MAIL_USER)
    page.get_by_label("Password there").fill(MAIL_PASSWORD)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("complementary")).to_have_count(0)
    page.get_by_role("button", name="Send test letter").click()
    expect(page.get_by_text("The mail server took the letter")).to_be_visible()
    assert len(sink.mails) == 1


def _add_kim(player: Player, page: Page) -> None:
    page.goto("/people")
    page.get_by_label("Name").fill("kim")
    page.get_by_role("button", name="Add user").click()
    link = page.get_by_label("Link", exact=True).input_value()
    hers = player.window("kim")
    hers.goto(link[link.index("/first/") :])
    _choose_password(hers)
    expect(hers.get_by_role("heading", name="Today")).to_be_visible()
    player.signed_in.add("kim")


def _add_offices(player: Player) -> None:
    page = player.window("kim")
    for short, name, address in (
        ("riverside", "Riverside Spine and Sport", "4 River Road, Anytown, NY 10002"),
        ("northside", "Northside Family Practice", "88 North Street, Anytown, NY 10003"),
    ):
        page.goto("/offices")
        page.get_by_label("Short name").fill(short)
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Address").fill(address)
        page.get_by_role("button", name="Add office").click()
        page.wait_for_url(f"**/offices/{short}")
        page.get_by_label("Pad").select_option(str(design_of().pad_id))  # the edition that comes back in this story
        with page.expect_download() as begun:
            page.get_by_role("button", name="Print numbered slips (PDF)").click()
        assert begun.value.path().read_bytes().startswith(b"%PDF")
    page.goto("/offices/riverside")
    page.get_by_label("Email", exact=True).fill("front@riverside.example")
    page.get_by_label("Prefers letters by").select_option("email")
    player.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("cell", name="100", exact=True).first).to_be_visible()
    player.album.show(page, "office")


def first_slips(player: Player, sink: Sink) -> None:
    """Two scans are read by the real reader; one of them is not signed. Others come from offices not known."""
    player.day(date(2026, 11, 24), "the first slips")
    page = player.sit_down()
    _upload(player, page, ADA, BEN)
    player.slips(CARLA, DEV, ESTHER, FRANK)
    page.goto("/")
    player.album.show(page, "today-slips")
    _ask_for_signature(player, page)
    _accept_once_too_early(player, page)
    for slip in (ESTHER, FRANK):
        player.review(page, slip)
    player.minutes(5)
    player.round()
    assert sorted(player.sent(LetterKind.THANK_YOU)) == ["Ada Quill", "Carla Mendez", "Dev Raman"]
    _set_the_office(player, page)


def _upload(player: Player, page: Page, *slips: Slip) -> None:
    page.goto("/inbox")
    files = [scan(slip, player.folder) for slip in slips]
    page.locator("#files").set_input_files(files)
    expect(page.get_by_text("added to the inbox")).to_have_count(len(files))
    studio = player.desk.studio
    take_in_inbox(studio.store, player.settings())
    assert [file.accepted + file.review for file in drain(studio.store, player.settings())] == [1, 1]
    if page.goto("/review") and page.get_by_role("row").filter(has_text=ADA.name).count():
        player.review(page, ADA)


def _ask_for_signature(player: Player, page: Page) -> None:
    """Nobody has signed it: its office is asked, with a picture of the slip, and it stays in review."""
    page.goto("/review")
    page.get_by_role("row").filter(has_text=f"no. {BEN.serial}").get_by_role("link").first.click()
    page.wait_for_selector("#slip")
    player.answer(page, BEN, "doubt")
    page.keyboard.press("m")
    expect(page.get_by_role("dialog").get_by_label("Signature")).to_be_checked()
    player.album.show(page, "ask-office")
    player.press(page.get_by_role("button", name="Create letter"))
    page.goto("/review")
    expect(page.get_by_text("office asked")).to_be_visible()


def _accept_once_too_early(player: Player, page: Page) -> None:
    """Accept is undone on the next page, and the slip waits again."""
    page.get_by_role("row").filter(has_text=DEV.name).get_by_role("link").first.click()
    player.album.show(page, "review")
    player.settle(page, DEV)
    player.accept(page)
    expect(page.locator("#accepted")).to_be_visible()
    player.album.show(page, "undo")
    with page.expect_navigation():  # from a slip's page to a slip's page: the address alone would not tell
        page.locator("#accepted").get_by_role("button", name="Undo").click()
    player.settle(page, DEV)
    player.accept(page)


def _set_the_office(player: Player, page: Page) -> None:
    page.goto("/letters")
    player.album.show(page, "letters-held")
    row = page.get_by_role("row").filter(has_text=ESTHER.name)
    row.get_by_role("link", name="thank you").click()
    expect(page.get_by_role("button", name="Release")).to_have_count(0)
    page.get_by_role("link", name="Set the office").click()
    new = page.locator("section").filter(has_text="A new office")
    new.get_by_label("Name").fill("Harbor Chiropractic")
    new.get_by_label("Address").fill("1420 North Quay Avenue, Anytown, NY 10004")
    new.get_by_label("Fax", exact=True).fill("(212) 555-0172")
    new.get_by_label("also for the 1 other referral").check()
    player.album.show(page, "set-office")
    player.press(new.get_by_role("button", name="Add office and set it"))
    player.round()
    page.goto("/letters")
    expect(page.get_by_text("Set the office")).to_have_count(0)
    assert player.release_all(page) == 1
    player.print_and_mail(page)
