"""Group check at the front desk."""

import re

import pytest

from store.review import group_check
from store.review.queue import waiting_list
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio


@pytest.fixture
def kim(studio: Studio) -> Person:
    """A user, with three slips that the machine accepted."""
    for serial in (1601, 1602, 1603):
        record_slip(studio, truth_of(serial, provider_name="N. Rosenthal, MD"), Doubts())
    return studio.person()


def open_group(kim: Person, name: str) -> str:
    match = re.search(rf'href="(/groups/[0-9a-f]+)" aria-label="{name}', kim.get("/groups").text)
    assert match
    return match[1]


def test_a_group_is_one_picture_and_one_line_in_the_audit(studio: Studio, kim: Person) -> None:
    """Its address names no value: "N. Rosenthal" may be a patient's doctor."""
    address = open_group(kim, "Signature")
    page = kim.get(address).text
    source = re.search(r'data-picture-from="([^"]+)"', page)
    assert source
    picture = kim.get(source[1])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert "Rosenthal" not in open_group(kim, "Provider")
    assert kim.get(address + "/picture?slips=99,x").status_code == 404
    assert kim.get("/groups/0123456789abcdef").status_code == 404


def test_a_wrong_one_is_clicked_and_goes_to_review(studio: Studio, kim: Person) -> None:
    """Checked, Enter; the group is done and the slip waits."""
    answer = kim.post(open_group(kim, "Signature"), {"shown": ["1", "2", "3"], "wrong": ["2", "77", "x"]})
    assert answer.headers["location"] == "/groups"
    assert [item.item for item in waiting_list(studio.store)] == ["s2"]
    assert "Signature" in kim.get("/review/s2").text
    assert group_check.crop_error(studio.store).wrong == 1
