"""FHIR bundles of what is on record."""

import base64
import json
from pathlib import Path

import pytest

from refpad.services.connecting.after_purge import FHIR_FOLDER, remove_gone_bundles
from refpad.services.connecting.fhir import case_of, export_fhir
from refpad.services.designs import DesignBook
from refpad.settings import Settings
from schemas.errors import NotOnRecordError, UsageError
from schemas.export import ExportedReferral
from schemas.studio import Studio
from store.courses.entries import finish
from store.database import Store
from store.files import make_folder
from store.referrals.offices import set_office_of_referral
from store.referrals.referrals import exported_referrals
from store.review.diagnosis_codes import confirm
from tests.fake_reader import example_rules
from tests.refpad.services.connecting.test_lines import settings, store
from tests.schemas.entries import assessment
from tests.schemas.judging.test_answers import with_own

__all__ = ["settings", "store"]


def test_a_bundle_says_what_is_on_record(store: Store, settings: Settings, tmp_path: Path) -> None:
    """Office, confirmed code, the slip's own crop and the assessment; private, a file each; no invented studio."""
    set_office_of_referral(store, 1, "northside", "kim")
    confirm(store, 1, "M17.11", "Unilateral primary osteoarthritis, right knee", "kim")
    finish(store, example_rules(), 1, assessment(on=store.clock.today()), "kim")
    settings = settings.model_copy(update={"studio": Studio()})
    [path] = export_fhir(store, settings, tmp_path / "fhir")
    assert (path.name, path.stat().st_mode & 0o777) == ("referral-1.json", 0o600)
    resources = [entry["resource"] for entry in json.loads(path.read_bytes())["entry"]]
    kinds = [resource["resourceType"] for resource in resources]
    assert {"Condition", "ServiceRequest", "Task", "Observation", "DiagnosticReport"} <= set(kinds)
    assert kinds.count("Organization") == kinds.count("Practitioner") == 1
    [slip] = [resource for resource in resources if resource["resourceType"] == "DocumentReference"]
    assert base64.b64decode(slip["content"][0]["attachment"]["data"]).startswith(b"\x89PNG")
    with pytest.raises(NotOnRecordError, match="no referral 7"):
        list(export_fhir(store, settings, tmp_path / "fhir", [1, 7]))
    with pytest.raises(UsageError, match=r"There is no folder .*unplugged: connect the disk"):
        list(export_fhir(store, settings, tmp_path / "unplugged" / "fhir"))


def test_the_bundle_of_a_referral_that_is_gone_goes_with_the_next_export(store: Store, settings: Settings) -> None:
    """A server that is fed from the folder would keep a patient whose slip went back to review."""
    assert remove_gone_bundles(store, settings) == []
    folder = settings.exports / FHIR_FOLDER
    make_folder(settings.exports)
    written = list(export_fhir(store, settings, folder))
    (folder / "referral-99.json").write_text("{}")
    assert remove_gone_bundles(store, settings) == ["fhir/referral-99.json"]
    assert sorted(folder.iterdir()) == sorted(written)


def test_what_stands_in_the_pads_cells_is_a_code(store: Store, settings: Settings) -> None:
    """By the design's own word for it, whatever it is called there; without the design nobody knows what it is."""
    [row] = exported_referrals(store)
    answered = {"answers": {"code": "M17.11", "npi": "1234567893"}, "edition": 3}
    row = ExportedReferral.model_validate(row.model_dump() | {"referral": row.referral.model_dump() | answered})
    book = DesignBook(settings.designs)
    assert case_of(store, settings, book, row).codes == ()
    pad = with_own().model_copy(update={"edition": 3})
    book.find = lambda *_: pad  # type: ignore[method-assign]
    case = case_of(store, settings, book, row)
    assert ([code.code for code in case.codes], case.npi) == (["M17.11"], "1234567893")
    confirm(store, 1, "M17.11", "Unilateral primary osteoarthritis, right knee", "kim")
    assert [code.description for code in case_of(store, settings, book, row).codes] == [
        "Unilateral primary osteoarthritis, right knee"
    ]
