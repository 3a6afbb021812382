"""What is measured is never the user's own record."""

from pathlib import Path

import pytest

from bench.own_settings import own_settings


def test_a_measure_leaves_the_users_database_bucket_and_server_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine at work they are set, and a million invented referrals would stand among the real ones."""
    monkeypatch.setenv("REFPAD_DATABASE_URL", "postgresql://refpad:secret@127.0.0.1:1/studio")
    monkeypatch.setenv("REFPAD_FILES", "s3://studio")
    monkeypatch.setenv("REFPAD_PREFECT_URL", "http://127.0.0.1:1/api")
    monkeypatch.setenv("REFPAD_PREFECT_DATABASE_URL", "postgresql://prefect:secret@127.0.0.1:1/prefect")
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "real"))
    own = own_settings(tmp_path / "bench", prefect_port=4999)
    named = (own.database_url, own.files, own.prefect_url, own.prefect_database_url)
    assert named == (None,) * 4
    assert own.folder == tmp_path / "bench" / "data"
    assert own.state == tmp_path / "bench" / "state"
    assert own.practice
    assert own.prefect_port == 4999
