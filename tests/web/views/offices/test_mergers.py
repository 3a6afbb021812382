"""Merging from the page: nothing happens before it is shown what would, and it can be undone there."""

from schemas.office import Office
from store.directory import offices, providers
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Studio

NO_PICTURE = b"\x89PNG"


def test_two_offices_are_compared_merged_and_undone(studio: Studio) -> None:
    """The page says what changes, where letters go then, and afterwards has the way back."""
    store, kim = studio.store, studio.person()
    offices.add(store, Office(id="northside", name="Northside Family Practice", address="88 North Street"), "kim")
    offices.add(store, Office(id="ns-fp", name="Northside FP", address="1 Old Road"), "kim")
    offices.reserve_serials(store, "ns-fp", "met", 1, 200, 1600)
    record_slip(studio, truth_of(1701), Doubts(), NO_PICTURE)
    shown = kim.get("/offices/ns-fp/merge?into=northside").text
    for words in ("1 more count for Northside Family Practice", "200 more", "88 North Street", "no longer to 1 Old"):
        assert words in shown
    assert len(offices.all_offices(store)) == 2
    assert kim.post("/offices/ns-fp/merge", {"into": "northside"}).headers["location"] == "/offices/northside"
    merged = kim.get("/offices/northside").text
    assert "Undo merge of Northside FP" in merged
    assert "merged by kim" in merged
    assert kim.get("/offices/ns-fp/merge?into=northside").status_code == 400
    assert kim.post("/offices/ns-fp/unmerge").headers["location"] == "/offices/ns-fp"
    assert len(offices.all_offices(store)) == 2
    assert kim.get("/offices/ns-fp/merge?into=nowhere").status_code == 404


def test_two_providers_are_found_merged_and_undone(studio: Studio) -> None:
    """By a part of the name, as they were written on two slips."""
    for serial, name in ((1701, "N. Rosenthal, MD"), (1702, "Norma Rosenthal")):
        record_slip(studio, truth_of(serial, provider_name=name), Doubts(), NO_PICTURE)
    kim = studio.person()
    first, second = providers.list_providers(studio.store, "rosenthal")
    assert f"/providers/{second.id}/merge?into={first.id}" in kim.get(f"/providers/{second.id}/merge").text
    assert "2 in all" in kim.get(f"/providers/{second.id}/merge?into={first.id}").text
    assert kim.post(f"/providers/{second.id}/merge", {"into": str(first.id)}).status_code == 303
    assert "Undo merge of Norma Rosenthal" in kim.get(f"/providers/{first.id}").text
    assert kim.post(f"/providers/{second.id}/unmerge").status_code == 303
    assert len(providers.list_providers(studio.store, "rosenthal")) == 2
