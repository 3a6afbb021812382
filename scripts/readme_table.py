#!/usr/bin/env python3
"""readme_table.py BENCH.json: put the table of what `refpad bench --json` wrote into README.md, between its marks."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.report import summary_rows  # noqa: E402

BEGIN, END = "<!-- bench:start -->\n", "<!-- bench:end -->\n"


def table(measured: Mapping[str, Any]) -> str:
    """The table in Markdown, a column a channel, with how it was measured as its last line."""
    rows = list(summary_rows(measured["channels"]))
    header, *lines = ([name, *(row[name] for row in rows)] for name in rows[0])
    slips = measured["channels"][0]["counts"]["slips"]
    rule = "|".join(["---"] * len(header))
    made = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"| {' | '.join(header)} |\n|{rule}|\n{made}\n{slips} slips a channel, seed {measured['seed']}.\n"


def with_table(readme: str, made: str) -> str:
    """The README with another table; what stands outside the marks stays."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"README.md has no {BEGIN.strip()} ... {END.strip()}: put both back, each on a line of its own.")
    return before + begin + made + end + after


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say which bench: readme_table.py BENCH.json")
    found = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text("utf-8"), table(found)), "utf-8")
