"""Crops that were read alike are looked at as one."""

from pathlib import Path

from schemas.reasons import FindingCode
from store.database import Store
from store.review import group_check
from store.review import settle as review
from store.review.group_check import CropGroup
from store.review.queue import waiting_list
from store.tables import slip
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import text
from tests.store.helpers import recorded, taken

WHO = "kim"


def came(store: Store, inbox: Path, serial: int, *, sure: bool = True, **unsure: float) -> None:
    """A slip of the example pad; `unsure` gives fields with their confidence."""
    reading = slip_reading(serial=serial, sure=sure)
    written = {name: text(reading.text[name].value, confidence=each) for name, each in unsure.items()}
    reading = reading.model_copy(update={"text": {**reading.text, **written}})
    recorded(store, taken(store, inbox / "scan.pdf", b"scan %d" % serial), reading)


def group(store: Store, field: str, value: str) -> CropGroup:
    return next(each for each in group_check.groups(store) if (each.field, each.value) == (field, value))


def settle(store: Store, which: CropGroup, *wrong: int) -> int:
    shown = {crop.slip_id for crop in which.crops}
    return group_check.settle(store, example_rules(), which, shown, set(wrong), WHO)


def test_what_was_read_alike_stands_together_newest_first(store: Store, inbox: Path) -> None:
    """Ticked boxes, empty boxes, signatures, and a text that came twice; not what is in doubt."""
    came(store, inbox, 1)
    came(store, inbox, 2)
    came(store, inbox, 3, sure=False)
    assert [crop.slip_id for crop in group(store, "back_pain", "checked").crops] == [3, 2, 1]
    assert [crop.slip_id for crop in group(store, "signature", "present").crops] == [2, 1]
    assert len(group(store, "patient_name", "Ada Quill").crops) == 3


def test_what_was_looked_at_comes_no_more(store: Store, inbox: Path) -> None:
    """And a second person who had the same page open changes nothing."""
    came(store, inbox, 1)
    which = group(store, "back_pain", "checked")
    assert (settle(store, which), settle(store, which, 1)) == (1, 0)
    assert ("back_pain", "checked") not in {(each.field, each.value) for each in group_check.groups(store)}
    seen = group_check.crop_error(store)
    assert (seen.wrong, seen.seen) == (0, 1)
    assert waiting_list(store) == []


def test_a_wrong_crop_of_a_recorded_slip_brings_it_to_a_person(store: Store, inbox: Path) -> None:
    """With that field in doubt, and the record as it is until somebody says what is right."""
    came(store, inbox, 1)
    came(store, inbox, 2)
    settle(store, group(store, "back_pain", "checked"), 1)
    [item] = waiting_list(store)
    assert (item.item, item.codes[0]) == ("s1", FindingCode.MARK_AMBIGUOUS)
    assert group_check.crop_error(store).wrong == 1


def test_a_wrong_crop_of_a_waiting_slip_is_one_more_doubt(store: Store, inbox: Path) -> None:
    """It waits anyway."""
    came(store, inbox, 1, sure=False)
    settle(store, group(store, "back_pain", "checked"), 1)
    codes = {finding.code for finding in review.find_slip(store, "s1").findings}
    assert codes == {FindingCode.MARK_AMBIGUOUS, FindingCode.SIGNATURE_UNCERTAIN, FindingCode.NO_BOX_TICKED} & codes
    assert FindingCode.MARK_AMBIGUOUS in codes


def test_right_texts_are_asked_about_no_more(store: Store, inbox: Path) -> None:
    """Forty slips of one provider, each read with some doubt, are confirmed with one look."""
    for serial in (1, 2, 3):
        came(store, inbox, serial, sure=False, patient_name=0.5)
    settle(store, group(store, "patient_name", "Ada Quill"), 2)
    doubted = {item: [f.field for f in review.find_slip(store, item).findings] for item in ("s1", "s2", "s3")}
    assert ("patient_name" in doubted["s1"], "patient_name" in doubted["s2"]) == (False, True)


def test_what_was_changed_meanwhile_is_passed_over(store: Store, inbox: Path) -> None:
    """The crop was shown as ticked, and is not any more: neither right nor wrong is known of it."""
    came(store, inbox, 1)
    which = group(store, "back_pain", "checked")
    with store.write() as connection:
        draft = connection.execute(slip.select()).mappings().one()["draft"]
        draft["marks"]["back_pain"]["value"] = "unchecked"
        connection.execute(slip.update().values(draft=draft))
    assert settle(store, which) == 0
    assert group_check.settle(store, example_rules(), which, {99}, set(), WHO) == 0
