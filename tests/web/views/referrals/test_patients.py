"""Patients on the front desk: suggested, compared, joined and parted, and never otherwise."""

import pytest

from store.referrals.amend import amend
from store.referrals.referrals import exported_referrals
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Studio

NO_PICTURE = b"\x89PNG"
ADA = {"patient_name": "Ada Quill", "patient_phone": "+12125550142"}


def patients_of(studio: Studio) -> list[str | None]:
    return [one.patient_id for one in exported_referrals(studio.store)]


def test_a_repeat_referral_is_suggested_compared_joined_and_parted(studio: Studio) -> None:
    """By another provider, months later: pages say who it may be, and a person says that it is."""
    record_slip(studio, truth_of(1701, **ADA), Doubts(), NO_PICTURE)
    record_slip(studio, truth_of(1702, **{**ADA, "provider_name": "S. Kowalczyk, DC"}), Doubts(), NO_PICTURE)
    kim = studio.person()
    offered = "/patients/2/merge?into=1"
    for page in ("/patients", "/patients/2", "/referrals/2"):
        shown = kim.get(page).text
        assert offered in shown, page
        assert "the same telephone, and a like name" in shown, page
    preview = kim.get(offered).text
    assert "1 referral counts for patient 1, 2 in all" in preview
    assert patients_of(studio) == ["1", "2"]  # looking changes nothing
    assert kim.post("/patients/2/merge", {"into": "1"}).headers["location"] == "/patients/1"
    joined = kim.get("/patients/2").text  # whoever has the old number is led on
    for words in ("Patient 1", "Referral 2", "Referral 1", "S. Kowalczyk, DC", "merged by kim", "Undo merge"):
        assert words in joined, words
    assert "May be the same person" not in joined
    assert patients_of(studio) == ["1", "1"]
    assert kim.get(offered).status_code == 400
    assert kim.post("/patients/2/unmerge").headers["location"] == "/patients/2"
    assert patients_of(studio) == ["1", "2"]
    assert kim.get("/patients/7").status_code == 404


def test_two_persons_are_told_apart_for_good_with_one_click_and_undone(studio: Studio) -> None:
    """In the list and on the page of each; nobody has to say it with each new referral."""
    for serial, provider in ((1701, "N. Rosenthal, MD"), (1702, "S. Kowalczyk, DC")):
        record_slip(studio, truth_of(serial, **{**ADA, "provider_name": provider}), Doubts(), NO_PICTURE)
    kim = studio.person()
    assert "Keep as two persons" in kim.get("/patients").text
    assert kim.post("/patients/2/apart", {"other": "1", "from": "list"}).headers["location"] == "/patients"
    for page in ("/patients", "/patients/1", "/patients/2", "/referrals/2"):
        assert "See what changes" not in kim.get(page).text, page
    assert "is somebody else: said by kim" in kim.get("/patients/1").text
    assert kim.post("/patients/1/ask", {"other": "2"}).headers["location"] == "/patients/1"
    assert "See what changes" in kim.get("/patients/2").text


@pytest.mark.parametrize(
    "query", ["quill", "qill ada", "(212) 555-0142", "0142", "7/4/1958", "07/04/58", "Jul 4, 1958"]
)
def test_a_patient_is_found_by_name_telephone_or_date_of_birth(query: str, studio: Studio) -> None:
    """Whoever calls says one of them; the words stand in no address."""
    record_slip(studio, truth_of(1701, **ADA), Doubts(), NO_PICTURE)
    amend(studio.store, studio.rules, 1, {"birth_date": "1958-07-04"}, "by telephone", "kim")
    record_slip(studio, truth_of(1702, patient_name="Ben Ferro", patient_phone="+12125550177"), Doubts(), NO_PICTURE)
    kim = studio.person()
    assert "Ben Ferro" in kim.get("/patients").text
    page = kim.post("/patients", {"query": query}).text
    assert ("Ada Quill</a>" in page, "Ben Ferro</a>" in page) == (True, False)
    assert "Nobody on record has these words" in kim.post("/patients", {"query": "zebra"}).text


def test_a_slip_in_review_says_whom_it_may_be_about(studio: Studio) -> None:
    """Before it is accepted: the specialist knows the patient by then."""
    record_slip(studio, truth_of(1701, **ADA), Doubts(), NO_PICTURE)
    record_slip(studio, truth_of(1702, **ADA), Doubts(signature=True), NO_PICTURE)
    shown = studio.person().get("/review/s2").text
    assert "May be the same person as" in shown
    assert 'href="/patients/1"' in shown
    assert "referral 1: the same telephone, and a like name" in shown
