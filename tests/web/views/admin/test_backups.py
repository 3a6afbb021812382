"""Backups as an admin sees them: when the last one was made, one now, and one to take away."""

import io
import re
import tarfile
from datetime import timedelta
from pathlib import Path

from schemas.users import Role
from store.backup import backups, backups_of_record, check_backup
from store.letters.restore_guard import begin_again
from store.tables import outbox
from tests.audit import audit_lines
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Studio, open_studio, scratch


def test_an_admin_makes_one_and_takes_it_away() -> None:
    """What is downloaded is whole; who made it and who took it is in the audit."""
    with scratch() as folder, open_studio(folder, backup_folder=folder / "disk") as studio:
        admin = studio.person("kim", Role.ADMIN)
        assert f"There is no backup in {folder / 'disk'} yet" in admin.get("/backups").text
        assert admin.post("/backups/write").headers["location"] == "/backups"
        page = admin.get("/backups").text
        assert "There is no backup in" not in page + admin.get("/").text
        address = re.search(r"/backups/[^/]+/download", page)
        assert address is not None
        taken = admin.get(address[0])
        assert taken.headers["content-disposition"].startswith("attachment; filename")
        with tarfile.open(fileobj=io.BytesIO(taken.content)) as tar:
            tar.extractall(folder / "taken", filter="data")
        [backup] = backups(folder / "taken")
        assert check_backup(backup) == []
        acts = [(line["who"], line["what"]) for line in audit_lines(studio.store)]
        assert ("kim", "backup") in acts
        assert ("kim", "download") in acts


def test_in_a_folder_of_several_studios_each_sees_and_takes_its_own_backups() -> None:
    """A backup is everything: an admin of one studio must not carry off another's."""
    with (
        scratch() as folder,
        open_studio(folder / "main", backup_folder=folder / "disk") as main,
        open_studio(folder / "north", backup_folder=folder / "disk") as north,
    ):
        for studio in (main, north):
            assert studio.person("kim", Role.ADMIN).post("/backups/write").status_code == 303
        assert main.store.anchor is not None
        [of_main] = backups_of_record(folder / "disk", main.store.anchor.installation)
        [of_north] = [backup for backup in backups(folder / "disk") if backup.name != of_main.name]
        page = north.person("kim").get("/backups").text
        assert of_north.name in page
        assert f"/backups/{of_main.name}/" not in page
        assert north.person("kim").get(f"/backups/{of_main.name}/download").status_code == 404
        assert main.person("kim").get(f"/backups/{of_main.name}/download").status_code == 200


def test_today_says_in_a_sentence_that_no_backup_is_made_and_leads_on() -> None:
    """Whoever does not open the page Backups learned of it when the disk broke."""
    with scratch() as folder, open_studio(folder) as studio:
        assert "No backup is made: no folder is named for it. Tell an admin." in studio.person("lee").get("/").text
        assert '<a href="/settings#backup">Name the folder</a>' in studio.person("kim", Role.ADMIN).get("/").text
    with scratch() as folder, open_studio(folder, backup_folder=folder / "disk") as studio:
        admin = studio.person("kim", Role.ADMIN)
        assert '<a href="/backups">Back up now</a>' in admin.get("/").text
        (folder / "disk").write_text("a file where the folder should be")
        assert admin.post("/backups/write").status_code == 503
        assert "The last backup failed" in admin.get("/").text or "There is no backup in" in admin.get("/").text


def test_without_a_folder_the_page_says_what_to_set() -> None:
    """And the button is not there to fail."""
    with scratch() as folder, open_studio(folder) as studio:
        admin = studio.person("kim", Role.ADMIN)
        page = admin.get("/backups").text
        assert "/settings#backup" in page
        assert "/backups/write" not in page
        assert admin.post("/backups/write").status_code == 400
        assert admin.get("/backups/2026/download").status_code == 400


def test_backups_are_for_admins_alone(tmp_path: Path) -> None:
    """One of them holds everything."""
    with scratch() as folder, open_studio(folder, backup_folder=tmp_path) as studio:
        reviewer = studio.person("lee")
        assert reviewer.get("/backups").status_code == 403
        assert reviewer.post("/backups/write").status_code == 403
        assert "/backups" not in reviewer.get("/").text


def put_back(studio: Studio, backup: str) -> None:
    """As a restore leaves it: a letter that was ready is held."""
    record_slip(studio, truth_of(2201, patient_name="Ada Quill", patient_phone="+12125550142"), Doubts())
    assert studio.store.anchor is not None
    with studio.store.write() as connection:
        connection.execute(outbox.update().values(state="ready"))
        begin_again(studio.store, connection, studio.store.anchor.read(), backup)


def test_a_record_that_was_put_back_is_told_on_today_until_people_have_seen_to_it() -> None:
    """Whoever finds letters held, or yesterday's slips missing, must not have to guess why."""
    with scratch() as folder, open_studio(folder) as studio:
        reviewer, admin = studio.person("lee"), studio.person("kim", Role.ADMIN)
        put_back(studio, "2026-11-19T200000Z")
        page = reviewer.get("/").text
        assert "the backup 2026-11-19T200000Z was restored" in page
        assert "<strong>1 letter</strong>" in page
        assert "Ask an admin to acknowledge it." in page
        assert reviewer.post("/backups/acknowledge").status_code == 403
        assert 'action="/backups/acknowledge"' in admin.get("/").text
        assert admin.post("/backups/acknowledge").headers["location"] == "/backups"
        assert ("kim", "acknowledge_restore") in [(line["who"], line["what"]) for line in audit_lines(studio.store)]
        page = reviewer.get("/").text
        assert "<strong>1 letter</strong>" in page
        assert "acknowledge" not in page
        with studio.store.write() as connection:
            connection.execute(outbox.update().values(state="dropped", message=None))
        page = reviewer.get("/").text
        assert "the backup 2026-11-19T200000Z was restored" in page  # for a week, to whoever did not do it
        assert "may have been sent already" not in page
        studio.clock.move(timedelta(days=7))
        assert "put back" not in studio.person("lee").get("/").text


def test_files_that_were_put_back_by_hand_are_told_of_as_such() -> None:
    """Nobody may know of it: whoever cut the record's end did not say so."""
    with scratch() as folder, open_studio(folder) as studio:
        put_back(studio, "")
        assert "without <code>refpad restore</code>" in studio.person("kim", Role.ADMIN).get("/backups").text
