"""The search of every page: what it finds, what one does next, and no patient in any address."""

import re

import pytest
from httpx2 import Response

from tests.audit import audit_lines
from tests.web.scenes import set_the_scene
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio

NO_PICTURE = b"\x89PNG"


def found_by(someone: Person, query: str) -> Response:
    """The page to which the search leads."""
    led = someone.post("/search", {"query": query})
    assert led.status_code == 303
    return someone.get(led.headers["location"])


def test_the_words_are_in_no_address_and_in_no_audit(studio: Studio) -> None:
    """Addresses are kept by browsers and proxies; the audit keeps how many were found, each time that one looks."""
    record_slip(studio, truth_of(1701, patient_name="Ada Quill", patient_phone="+12125550142"), Doubts(), NO_PICTURE)
    record_slip(studio, truth_of(1702, patient_name="Rosa Pemberton"), Doubts(), NO_PICTURE)
    kim = studio.person()
    page = found_by(kim, "ada qiull")
    assert ">Ada Quill</a>" in page.text
    assert "Rosa Pemberton" not in page.text
    assert not re.findall(r'(?:href|action|src)="[^"]*(?:[Qq]uill|555)', page.text)
    assert "<title>Search · refpad</title>" in page.text
    assert "uill" not in str(audit_lines(studio.store))
    looked = audit_lines(studio.store)[-1]
    assert (looked["what"], looked["detail"]) == ("search", {"count": 1})
    location = kim.post("/search", {"query": "pemberton"}).headers["location"]
    assert "pemberton" not in location.lower()
    assert "Rosa Pemberton" not in studio.person("lee").get(location).text


def test_each_find_says_what_to_do_next(studio: Studio) -> None:
    """Review, call, see the file, set the office: one click from the name that somebody said."""
    set_the_scene(studio)
    kim = studio.person()
    slip = found_by(kim, "pemberton rosa").text
    assert 'href="/review/s1"' in slip
    assert re.search(r'href="/tasks/\d+" aria-label="Contact patient of referral', found_by(kim, "iverson").text)
    assert 'href="/set-aside/3"' in found_by(kim, "truncated").text
    assert 'href="/offices/riverside"' in found_by(kim, "river road").text
    assert 'href="/providers/' in found_by(kim, "rosenthal").text


@pytest.mark.parametrize("signs", ["%%", "\N{THUMBS UP SIGN}", "- ."])
def test_signs_alone_are_not_searched_for_and_that_is_said(signs: str, studio: Studio) -> None:
    """The newest referrals stood there as if they had been found."""
    record_slip(studio, truth_of(1703, patient_name="Ada Quill"), Doubts(), NO_PICTURE)
    page = found_by(studio.person(), signs).text
    assert "Nothing was searched for." in page
    assert f'value="{signs}"' in page
    assert "Ada Quill" not in page


def test_what_is_not_found_says_where_it_was_looked_for(studio: Studio) -> None:
    """And an empty search is the list of referrals."""
    kim = studio.person()
    assert "Nothing has all of these words" in found_by(kim, "zebra").text
    assert kim.post("/search", {"query": "  "}).headers["location"] == "/referrals"
    assert "This search is over" in kim.get("/search/of-yesterday").text
