#!/usr/bin/env python3
"""Put the tables of `refpad bench --json` into README.md and docs/accuracy.md: bench_tables.py BENCH.json."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.intervals import share_with_interval  # noqa: E402
from bench.report import MARKS_STAGES, STAGES, summary_rows  # noqa: E402

BLOCKERS_MOST = 8  # what holds fewer slips than these is no place to begin
Row = Mapping[str, str]


def tables(measured: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The tables in Markdown by file and name, a column a channel, each with how it was measured as its last line."""
    channels = measured["channels"]
    how = f"\n{channels[0]['counts']['slips']} slips a channel, seed {measured['seed']}.\n"
    return {
        "README.md": {"bench": _across(list(summary_rows(channels))) + how},
        "docs/accuracy.md": {
            "channels": _across([_channel(channel) for channel in channels]) + how,
            "letters": _across([_letters(channel) for channel in channels]) + how,
            "blockers": _blockers(channels),
            "speed": _across([_speed(channel) for channel in channels]) + how,
        },
    }


def with_table(text: str, name: str, made: str) -> str:
    """The page with another table of that name; what stands outside its marks stays."""
    begin, end = f"<!-- {name}:start -->\n", f"<!-- {name}:end -->\n"
    before, begun, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        sys.exit(f"There is no {begin.strip()} ... {end.strip()}: put both back, each on a line of its own.")
    return before + begin + made + end + after


def _across(rows: Sequence[Row]) -> str:
    header, *lines = ([name, *(row[name] for row in rows)] for name in rows[0])
    return _markdown(header, lines)


def _markdown(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = "|".join(["---"] * len(header))
    return f"| {' | '.join(header)} |\n|{rule}|\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _channel(channel: Mapping[str, Any]) -> Row:
    counts = channel["counts"]
    decided = counts["boxes"] - counts["boxes_doubtful"]
    return {
        "channel": channel["channel"],
        "slips found": f"{counts['found']}/{counts['slips']}",
        "wrong boxes among decided": share_with_interval(counts["boxes_wrong"], decided),
        "doubtful boxes": share_with_interval(counts["boxes_doubtful"], counts["boxes"]),
        "signature, false present": f"{counts['false_present']}/{counts['unsigned']}",
        "false absent": f"{counts['false_absent']}/{counts['signed']}",
        "uncertain": f"{counts['signature_uncertain']}/{counts['signed'] + counts['unsigned']}",
        "fields that pass without a person": share_with_interval(counts["fields_sure"], counts["fields"]),
        "wrong among them": share_with_interval(counts["fields_sure_wrong"], counts["fields_sure"]),
        "signed slips accepted without a person": share_with_interval(counts["slips_accepted"], counts["signed"]),
        "slips wrong among those": f"{counts['slips_accepted_wrong']}/{counts['slips_accepted']}",
    }


def _letters(channel: Mapping[str, Any]) -> Row:
    rates = channel["cer"].items()
    return {"channel": channel["channel"]} | {
        name.replace("_", " "): "-" if rate is None else f"{rate:.3f}" for name, rate in rates
    }


def _speed(channel: Mapping[str, Any]) -> Row:
    took = channel["ms_a_slip"]
    marks = sum(took[stage] for stage in MARKS_STAGES)
    stages = {str(stage): f"{took[stage]:.1f}" for stage in STAGES}
    whole = {"marks only": f"{marks:.1f}", "full": f"{marks + took['text']:.0f}"}
    return {"channel": channel["channel"], **stages, **whole}


def _blockers(channels: Sequence[Mapping[str, Any]]) -> str:
    """What keeps signed slips from passing, all channels together, most slips first."""
    held = sum(channel["blockers"]["held"] for channel in channels)
    asked: dict[str, int] = {}
    for channel in channels:
        for what, slips in channel["blockers"]["asked"].items():
            asked[what] = asked.get(what, 0) + slips
    first = sorted(asked.items(), key=lambda pair: (-pair[1], pair[0]))[:BLOCKERS_MOST]
    return _markdown(
        ["a person is asked of", "signed slips held"], [[what, f"{slips}/{held}"] for what, slips in first]
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say which bench: bench_tables.py BENCH.json")
    for page, made in tables(json.loads(Path(sys.argv[1]).read_text("utf-8"))).items():
        text = (ROOT / page).read_text("utf-8")
        for name, table in made.items():
            text = with_table(text, name, table)
        (ROOT / page).write_text(text, "utf-8")
