"""Backups as an admin sees them: when the last one was made, one now, and one to take away."""

import io
import re
import tarfile
from pathlib import Path

from schemas.users import Role
from store.backup import backups, check_backup
from tests.audit import audit_lines
from tests.web.studio import open_studio, scratch


def test_an_admin_makes_one_and_takes_it_away() -> None:
    """What is downloaded is whole; who made it and who took it is in the audit."""
    with scratch() as folder, open_studio(folder, backup_folder=folder / "disk") as studio:
        admin = studio.person("kim", Role.ADMIN)
        assert "There is no backup yet" in admin.get("/backups").text
        assert admin.post("/backups/write").headers["location"] == "/backups"
        page = admin.get("/backups").text
        assert "There is no backup yet" not in page
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


def test_without_a_folder_the_page_says_what_to_set() -> None:
    """And the button is not there to fail."""
    with scratch() as folder, open_studio(folder) as studio:
        admin = studio.person("kim", Role.ADMIN)
        page = admin.get("/backups").text
        assert "REFPAD_BACKUP__FOLDER" in page
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
