"""No step of the day reads all of a table that grows, whatever SQLite believes of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.scale.growth import GrowthPlan, measure_size
from exports.to_csv import write_referrals
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.database import Store
from store.referrals.referrals import answers_on_record, exported_referrals

REFERRALS, ROUNDS = 100, 2  # without statistics SQLite takes any table for large
GROWING = {
    "audit",
    "file",
    "follow_up",
    "occurrence",
    "page",
    "referral",
    "search_hit",
    "search_word",
    "slip",
    "slip_key",
}
FOLD = 10_000
Asked = dict[str, Any]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Asked]:
    """A record in which every step was taken, and what the steps asked of it, but for the first spreadsheet."""
    folder = tmp_path_factory.mktemp("scale") / "record"
    with noted() as asked:

        def forget_the_filling(done: str, _number: int) -> None:
            if done.startswith(("filling", "take in")):  # to record is what comes before the spreadsheet, too
                asked.clear()

        measure_size(folder, REFERRALS, GrowthPlan(ROUNDS), forget_the_filling)
    with closing(opened(folder)) as store, noted() as written_anew:
        write_referrals(exported_referrals(store), folder / "all.csv", answers_on_record(store))
    return folder, {statement: given for statement, given in asked.items() if statement not in written_anew}


@contextmanager
def noted() -> Iterator[Asked]:
    """The statements that are executed in the block, with what they are given."""
    asked = Asked()

    def note(_conn: object, _cursor: object, statement: str, given: object, _context: object, many: bool) -> None:
        if not many and statement.startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            asked.setdefault(statement, given)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def opened(folder: Path) -> Store:
    return open_record(Settings(folder=folder / "data", state_folder=folder / "state", practice=True))


@pytest.mark.parametrize("has_statistics", [False, True])
def test_no_step_reads_all_of_what_grows(measured: tuple[Path, Asked], *, has_statistics: bool) -> None:
    """A record has no statistics; where somebody had SQLite make some, a million rows alike are no reason either."""
    folder, asked = measured
    with reading(folder, has_statistics=has_statistics) as connection:
        assert {line for one in asked.items() for line in whole_tables_read(connection, *one)} == set()


@pytest.mark.parametrize("has_statistics", [False, True])
def test_the_next_file_is_claimed_without_sorting_all_that_wait(
    measured: tuple[Path, Asked], *, has_statistics: bool
) -> None:
    """With a hundred thousand files in the backlog each claim would sort them all."""
    folder, asked = measured
    [claim] = [one for one in asked.items() if one[0].startswith("SELECT file.id, file.generation")]
    with reading(folder, has_statistics=has_statistics) as connection:
        plan = [detail for *_, detail in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {claim[0]}", claim[1]).all()]
    assert plan == ["SEARCH file USING INDEX ix_file_waiting (state=?)"]


@contextmanager
def reading(folder: Path, *, has_statistics: bool) -> Iterator[Connection]:
    """A connection to the record that begins to read after its statistics were made, or forgotten."""
    with closing(opened(folder)) as store, store.write() as connection:
        make_statistics(connection)
        if not has_statistics:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    with closing(opened(folder)) as store, store.read() as connection:
        yield connection


def make_statistics(connection: Connection) -> None:
    """As of a record FOLD times as large: what few rows share, few share then, and what most share, most."""
    connection.exec_driver_sql("ANALYZE")
    for table, index, stat in connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all():
        rows, *alike = map(int, stat.split())
        larger = [rows * FOLD, *(each * FOLD if each > rows / 20 else each for each in alike)]
        changed = " ".join(map(str, larger))
        connection.exec_driver_sql(
            "UPDATE sqlite_stat1 SET stat = ? WHERE tbl = ? AND idx IS ?", (changed, table, index)
        )


def whole_tables_read(connection: Connection, statement: str, given: object) -> Iterator[str]:
    """What SQLite would read whole for a statement, but for a stretch at the end of what is in order."""
    for *_, detail in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all():
        word, table, *how = (*detail.split(), "")
        is_stretch = f"ORDER BY {table}.id" in statement and "LIMIT" in statement
        if word == "SCAN" and table in GROWING and not is_stretch and "ix_follow_up_standing" not in how:
            yield f"{detail}: {statement[:1500]}"
