"""The support bundle from the page *Settings*: made by an admin at a button, and it names nobody."""

import io
import re
import zipfile

from schemas.users import Role
from tests.audit import audit_lines
from tests.web.simulated_slips import record_slip, truth_of
from tests.web.studio import Studio

WORD = "Quillfeather"


def test_an_admin_takes_away_a_bundle_that_names_nobody(studio: Studio) -> None:
    """What the command writes, for somebody who sits at no command line; the audit says who made it."""
    record_slip(studio, truth_of(1401, patient_name=f"Ada {WORD}"))
    ada = studio.person("ada", Role.ADMIN)
    assert 'action="/support-bundle"' in ada.get("/settings").text
    answer = ada.post("/support-bundle")
    name = r'attachment; filename="refpad-support-\d{4}-\d\d-\d\d-\d{4}\.zip"'
    assert re.fullmatch(name, answer.headers["content-disposition"])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist()}
    assert {"versions.json", "doctor.json", "health.json", "settings.json", "metrics.txt", "timings.json"} <= set(parts)
    assert WORD.lower() not in str(parts).lower()
    last = audit_lines(studio.store)[-1]
    assert (last["who"], last["what"], last["subject"]) == ("ada", "export", "support bundle")
