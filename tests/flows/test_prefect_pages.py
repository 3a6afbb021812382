"""Prefect's pages are unpacked once for each Prefect, with a word on what its password is."""

from pathlib import Path

from flows.prefect_pages import NOTE, PLACEHOLDER, UNPACKED, write_pages


def test_they_are_unpacked_once_and_again_for_another_prefect(tmp_path: Path) -> None:
    """Copied at each start they would cost seconds, and kept over an upgrade they would not fit their server."""
    write_pages(tmp_path)
    index, unpacked = tmp_path / "v1" / "index.html", tmp_path / "v1" / UNPACKED
    assert index.read_text("utf-8").count(NOTE) == 1
    assert [
        path.name for path in index.parent.rglob("*") if path.is_file() and PLACEHOLDER.encode() in path.read_bytes()
    ] == []
    made = index.stat().st_mtime_ns
    write_pages(tmp_path)
    assert index.stat().st_mtime_ns == made
    for spoil in (lambda: unpacked.write_text("v1:3.0.0:/"), lambda: index.write_text("<body></body>")):
        spoil()
        write_pages(tmp_path)
        assert index.read_text("utf-8").count(NOTE) == 1


def test_the_pages_that_call_an_outside_host_are_taken_away_where_prefect_had_put_them(tmp_path: Path) -> None:
    """A folder of before has them."""
    (tmp_path / "v2" / "assets").mkdir(parents=True)
    write_pages(tmp_path)
    write_pages(tmp_path)
    assert not (tmp_path / "v2").exists()
