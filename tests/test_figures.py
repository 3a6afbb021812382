"""Figures: the same in README, docs and code, and made by the command that they are said to come from."""

import re
import runpy
from pathlib import Path

import pytest

from bench.report import as_json, summary_rows
from bench.slips.score import Score
from bench.slips.simulated import ChannelResult
from pads.simulate.truth import Channel
from schemas.acceptance import Policy
from schemas.bars import SHIPPED, ValueKind

ROOT = Path(__file__).parents[1]
README, ACCURACY = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/accuracy.md"))
SPEED = "ms a slip, one core"  # of one machine on one day


def _table(text: str) -> dict[str, list[str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {name: cells for name, *cells in rows if set(name) != {"-"}}


def _of_readme() -> dict[str, list[str]]:
    return _table(README.partition("<!-- bench:start -->")[2].partition("<!-- bench:end -->")[0])


def _measured(slips: int = 4) -> dict[str, object]:
    score = Score(slips=slips, found=slips, signed=3, slips_accepted=2, slips_accepted_wrong=1, boxes=10, fields=8)
    result = ChannelResult(Channel.PHOTO, score, seconds={"marks": 1.0, "text": 3.0})
    return {"seed": 7, "channels": [as_json(result)]}


def test_the_readme_shows_what_the_docs_say() -> None:
    """Two runs in two places: whoever reads both believes neither."""
    shown, told = _of_readme(), _table(ACCURACY.partition("## Slips, by channel")[2].partition("Character error")[0])
    assert shown.keys() - told.keys() == {SPEED}
    differ = [
        f"{name}: {cell} is not in {full}"
        for name, cells in shown.items()
        if name != SPEED
        for cell, full in zip(cells, told[name], strict=True)
        if cell not in full
    ]
    assert differ == []


def test_the_readmes_rows_are_those_that_the_bench_prints() -> None:
    """Slips that no person looks at come first: an honest table says how many there are."""
    [row] = summary_rows([as_json(ChannelResult(Channel.PHOTO))])
    assert list(row) == list(_of_readme())
    assert list(row)[1] == "signed slips accepted without a person"


def test_accepted_slips_and_wrong_ones_among_them_are_counted() -> None:
    """The figure that matters most is a share of those that could have been accepted."""
    channels = _measured()["channels"]
    assert isinstance(channels, list)
    [row] = summary_rows(channels)
    assert row["signed slips accepted without a person"] == "2/3"
    assert row["slips wrong among those"] == "1/2"
    assert row[SPEED] == "1000"


def test_one_command_puts_the_tables_between_their_marks() -> None:
    """Figures copied by hand are copied wrong; all else of the pages stays."""
    script = runpy.run_path(str(ROOT / "scripts" / "bench_tables.py"))
    made = script["tables"](_measured())
    for page, text in (("README.md", README), ("docs/accuracy.md", ACCURACY)):
        for name, table in made[page].items():
            written = script["with_table"](text, name, table)
            assert f"<!-- {name}:start -->\n{table}<!-- {name}:end -->\n" in written
            assert written.partition(f"<!-- {name}:start")[0] == text.partition(f"<!-- {name}:start")[0]
            assert written.partition(f"{name}:end -->")[2] == text.partition(f"{name}:end -->")[2]
    assert made["README.md"]["bench"].endswith("\n4 slips a channel, seed 7.\n")
    with pytest.raises(SystemExit, match="put both back"):
        script["with_table"]("no marks", "bench", "")


def test_the_bar_for_texts_stands_on_one_figure() -> None:
    """The code's constant and the docs cite the same measurement, which adds up."""
    [cited] = re.findall(r"At ([\d.]+), (\d+) of (\d+) texts", Policy.__doc__ or "")
    assert float(cited[0]) == SHIPPED[ValueKind.PHRASE]
    assert f"{cited[1]} of {cited[2]} texts" in ACCURACY.replace("\n", " ")
    bar = ACCURACY.partition("The bar stands at")[2].partition("Together")[0].replace("\n", " ")
    passed = [int(number) for number in re.findall(r"(\d+) of [\d,]+(?: pass)?,", bar)]
    wrong = [0 if number == "none" else int(number) for number in re.findall(r"(none|\d+) wrong", bar)]
    assert (sum(wrong), sum(passed)) == (int(cited[1]), int(cited[2]))
