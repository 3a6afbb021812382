"""The settings' page: who may, what stays typed, what is fixed, and what holds at once."""

import json
import re

import pytest

from refpad.services.setting_problems import KEPT_IN_PRACTICE
from schemas.users import Role
from store import audit
from tests.web.studio import Person, Studio

STUDIO = {
    "studio.name": "Harborview Exercise",
    "studio.specialist": "Kim Ortega, MES",
    "studio.address": "3 Quay Street, Anytown, NY",
    "studio.phone": "(646) 555-0160",
    "studio.fax": "",
    "studio.email": "",
}
MAIL = {
    "delivery.smtp_host": "mail.example",
    "delivery.smtp_port": "587",
    "delivery.smtp_security": "starttls",
    "delivery.smtp_user": "desk",
    "delivery.smtp_password": "open  sesame",
    "delivery.sender": "desk@harborview.example",
}


@pytest.fixture(autouse=True)
def nothing_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own studio is set in the environment, where no page could change it."""
    for name in ("NAME", "SPECIALIST", "PHONE", "FAX", "EMAIL", "ADDRESS"):
        monkeypatch.delenv(f"REFPAD_STUDIO__{name}", raising=False)


@pytest.fixture
def ada(nothing_fixed: None, studio: Studio) -> Person:
    return studio.person("ada", Role.ADMIN)


def test_pads_and_letters_are_refused_with_the_page_that_helps(ada: Person, studio: Studio) -> None:
    """And are printed as soon as the page is filled in, by the same running front desk."""
    ada.post("/offices", {"id": "riverside", "name": "Riverside Spine", "address": "4 River Road"})
    pads = {"pad": "met-1", "slips": "4", "up": "4", "paper": "letter"}
    for address in ("/offices/riverside/pads", "/offices/riverside/letters/how_to_refer", "/letters/make"):
        answer = ada.post(address, pads)
        assert answer.status_code == 400
        assert "An admin enters it on the page Settings" in answer.text
    assert "Set up the studio" in ada.get("/").text
    assert "Ask an admin" in studio.person("kim").get("/").text
    assert ada.post("/settings/studio", {**STUDIO, "setup": "1"}).headers["location"] == "/setup/logo"
    assert ada.post("/offices/riverside/pads", pads).headers["content-type"] == "application/pdf"
    page = ada.get("/").text
    assert "Harborview Exercise" in page
    assert "not set up" not in page


def test_what_was_typed_stays_when_a_field_is_wrong(ada: Person) -> None:
    """Six fields typed and one wrong: the other five are there still, and the sentence is beside the sixth."""
    for setup in ("", "1"):
        answer = ada.post("/settings/studio", {**STUDIO, "studio.phone": "", "setup": setup})
        assert answer.status_code == 400
        assert 'value="Harborview Exercise"' in answer.text
        assert re.search(r'id="studio-phone-problem"[^>]*>Enter it\.', answer.text)


def test_a_password_is_never_shown_again(ada: Person, studio: Studio) -> None:
    """Not on the page, not after a mistake beside it, not in the audit; spaces in it stay."""
    assert ada.post("/settings/mail", MAIL).status_code == 303
    page = ada.get("/settings").text
    wrong = ada.post("/settings/mail", {**MAIL, "delivery.smtp_port": "0", "delivery.smtp_password": "swordfish"})
    assert wrong.status_code == 400
    told = page + wrong.text + str(audit.lines_about(studio.store, ["settings"]))
    assert "sesame" not in told
    assert "swordfish" not in wrong.text
    assert "kept; type a new one" in page
    assert "open  sesame" in studio.settings.saved_file.read_text()


def test_what_is_set_elsewhere_is_shown_and_cannot_be_changed(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The field says where; the rest of its section can be saved."""
    monkeypatch.setenv("REFPAD_STUDIO__PHONE", "(646) 555-0169")
    assert re.search(r'name="studio.phone"[^>]* disabled', ada.get("/settings").text)
    assert "Set in the environment." in ada.get("/setup/studio").text
    given = {name: value for name, value in STUDIO.items() if name != "studio.phone"}
    assert ada.post("/settings/studio", given).headers["location"] == "/settings?saved=studio#studio"


def test_settings_that_became_wrong_leave_those_of_before(ada: Person, studio: Studio) -> None:
    """Somebody's hand in the file must not take the front desk away."""
    ada.post("/settings/studio", STUDIO)
    assert "Harborview Exercise" in ada.get("/").text
    studio.settings.saved_file.write_text("{")
    assert "Harborview Exercise" in ada.get("/").text


@pytest.mark.parametrize("section", ["nothing", "policy.typed_signature"])
def test_a_section_that_is_none_is_not_found(section: str, ada: Person) -> None:
    """As any other address that is none."""
    assert ada.get(f"/setup/{section}").status_code == 404
    assert ada.post(f"/settings/{section}", {}).status_code == 404


def test_a_test_letter_without_a_server_says_what_to_do(ada: Person) -> None:
    """With a way back, and the address still typed."""
    answer = ada.post("/settings/mail/test", {"to": "desk@harborview.example"})
    assert answer.status_code == 400
    assert "No mail server is set" in answer.text
    assert "desk@harborview.example" in answer.text


def test_what_cannot_be_printed_or_counted_by_is_said_beside_its_field(ada: Person) -> None:
    """In the front desk's words."""
    answer = ada.post("/settings/studio", {**STUDIO, "studio.phone": "banana", "studio.email": "notanemail"})
    assert re.search(r'id="studio-phone-problem"[^>]*>Write a telephone number', answer.text)
    assert re.search(r'id="studio-email-problem"[^>]*>Write one email address', answer.text)
    days = {"time_zone": "America/Chicago", "follow_ups.holidays": "ZQ", "follow_ups.working_days": "Monday"}
    assert "No public holidays of ZQ are known" in ada.post("/settings/calendar", days).text
    none = {name: value for name, value in days.items() if name != "follow_ups.working_days"}
    answer = ada.post("/settings/calendar", {**none, "follow_ups.holidays": "US"})
    assert "Choose one or more: Monday, Tuesday" in answer.text


def test_practice_says_beforehand_what_it_refuses(ada: Person, studio: Studio) -> None:
    """Whoever tries refpad out filled in a form, and read only after Save that nothing is kept."""
    ada.post("/offices", {"id": "riverside", "name": "Riverside Spine", "address": "4 River Road"})
    assert KEPT_IN_PRACTICE not in ada.get("/settings").text
    studio.settings.saved_file.write_text(json.dumps({"practice": True}))
    page = ada.get("/settings").text
    assert KEPT_IN_PRACTICE in page
    assert ">Save " not in page
    fields = re.findall(r'<(?:select|input|fieldset)(?: class="checks"| id="studio-| id="delivery-)[^>]*>', page)
    assert len(fields) > 10
    assert [field for field in fields if " disabled" not in field] == []
    assert KEPT_IN_PRACTICE in ada.post("/settings/studio", STUDIO).text
    assert "`" not in KEPT_IN_PRACTICE
    backups = ada.get("/backups").text
    assert KEPT_IN_PRACTICE in backups
    assert "Name the folder</a>" not in backups
    office = ada.get("/offices/riverside").text
    assert "its pads and letters are for nobody" in office
    assert "Print numbered slips" not in office
