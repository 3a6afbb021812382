"""The bench as rows for people and as JSON for machines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.intervals import interval, share_with_interval
from bench.slips.blockers import ranked
from bench.slips.paper import PaperRow
from bench.slips.rescans import RescanRow
from bench.slips.score import Score, total
from bench.slips.simulated import ChannelResult
from bench.speed.open_pdf import OpeningTimes
from bench.speed.up import SystemTimes
from bench.text.materials import MaterialRow
from schemas.time_spent import Stage

Row = dict[str, str]
MARKS_STAGES: tuple[Stage, ...] = ("find", "marks", "signature", "judge")
STAGES: tuple[Stage, ...] = (*MARKS_STAGES, "text")


def summary_rows(channels: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """One row a channel, as README.md shows them, from what `as_json` made: what no person looks at comes first."""
    for channel in channels:
        counts = channel["counts"]
        yield {
            "channel": channel["channel"],
            "signed slips accepted without a person": f"{counts['slips_accepted']}/{counts['signed']}",
            "slips wrong among those": f"{counts['slips_accepted_wrong']}/{counts['slips_accepted']}",
            "slips found": f"{counts['found']}/{counts['slips']}",
            "wrong boxes among decided": f"{counts['boxes_wrong']}/{counts['boxes'] - counts['boxes_doubtful']}",
            "doubtful boxes": _percent(counts["boxes_doubtful"], counts["boxes"]),
            "fields that pass without a person": _percent(counts["fields_sure"], counts["fields"]),
            "wrong among them": f"{counts['fields_sure_wrong']}/{counts['fields_sure']}",
            "ms a slip, one core": f"{sum(channel['ms_a_slip'].values()):.0f}",
        }


def accuracy_rows(results: Sequence[ChannelResult]) -> Iterator[Row]:
    """One row a channel: what was found, what was read wrong, what was doubted."""
    for result in results:
        score = result.score
        yield {
            "channel": result.channel.value,
            "slips found": f"{score.found}/{score.slips}",
            "wrong boxes": f"{score.boxes_wrong}/{score.boxes - score.boxes_doubtful}",
            "doubtful boxes": _percent(score.boxes_doubtful, score.boxes),
            "troubled boxes called": f"{score.trouble_called}/{score.troubles}",
            "signature false present": f"{score.false_present}/{score.unsigned}",
            "false absent": f"{score.false_absent}/{score.signed}",
            "uncertain": f"{score.signature_uncertain}/{score.signed + score.unsigned}",
            "sure fields": _percent(score.fields_sure, score.fields),
            "wrong among sure": f"{score.fields_sure_wrong}/{score.fields_sure}",
            "slips accepted": f"{score.slips_accepted}/{score.slips}",
            "wrong among accepted": f"{score.slips_accepted_wrong}/{score.slips_accepted}",
        }


def pad_rows(results: Sequence[ChannelResult]) -> Iterator[Row]:
    """One row a channel and pad, then all channels of each pad; nothing where there is one pad alone."""
    pads = sorted({pad for result in results for pad in result.pads})
    if len(pads) < 2:
        return
    for result in results:
        for pad in pads:
            yield _pad_row(result.channel.value, pad, result.pads.get(pad, Score()))
    for pad in pads:
        yield _pad_row("all", pad, total(result.pads.get(pad, Score()) for result in results))


def _pad_row(channel: str, pad: str, score: Score) -> Row:
    return {
        "channel": channel,
        "pad": pad,
        "found": f"{score.found}/{score.slips}",
        "signed, accepted": f"{score.slips_accepted}/{score.signed}",
        "wrong among those": f"{score.slips_accepted_wrong}/{score.slips_accepted}",
        "doubts a signed slip": f"{score.doubts / score.signed:.1f}" if score.signed else "-",
        "boxes wrong": f"{score.boxes_wrong}/{score.boxes - score.boxes_doubtful}",
        "boxes doubted": f"{score.boxes_doubtful}/{score.boxes}",
        "signatures wrong": f"{score.false_present + score.false_absent}/{score.signed + score.unsigned}",
        "fields wrong": f"{score.wrong.total()}/{score.fields}",
        "fields sure": f"{score.fields_sure}/{score.fields}",
        "wrong among sure": f"{score.fields_sure_wrong}/{score.fields_sure}",
    }


def text_rows(results: Sequence[ChannelResult]) -> Iterator[Row]:
    """One row a channel: the character error rate of each field."""
    names = sorted({name for result in results for name in result.score.letters})
    for result in results:
        rates = ((name, result.score.cer(name)) for name in names)
        yield {"channel": result.channel.value} | {
            name.replace("_", " "): "-" if rate is None else f"{rate:.3f}" for name, rate in rates
        }


def blocker_rows(results: Sequence[ChannelResult]) -> Iterator[Row]:
    """What keeps signed slips from passing, ranked, all channels together."""
    for row in ranked(result.blockers for result in results):
        yield {
            "a person is asked of": row.what,
            "signed slips held": f"{row.slips}/{row.held}",
            "by that alone": str(row.alone),
        }


def speed_rows(results: Sequence[ChannelResult]) -> Iterator[Row]:
    """One row a channel: mean milliseconds of processor time a slip, by stage."""
    for result in results:
        marks_ms = result.ms_a_slip(*MARKS_STAGES)
        stages = {str(stage): f"{result.ms_a_slip(stage):.1f}" for stage in STAGES}
        full = f"{marks_ms + result.ms_a_slip('text'):.0f}"
        yield {"channel": result.channel.value, **stages, "marks only": f"{marks_ms:.1f}", "full": full}


def material_rows(materials: Sequence[MaterialRow]) -> Iterator[Row]:
    """One row a folder of real lines."""
    for material in materials:
        yield {
            "material": material.material,
            "lines": str(material.count),
            "CER": f"{material.cer:.3f}",
            "exact": _percent(material.exact, material.count),
            "sure": _percent(material.sure, material.count),
            "wrong among sure": f"{material.sure_wrong}/{material.sure}",
            "ms a line": f"{material.ms_a_line:.0f}",
        }


def rescan_rows(rescans: Sequence[RescanRow]) -> Iterator[Row]:
    """One row a kind of pair: how many are called one slip that came twice."""
    for row in rescans:
        yield {"pairs of": row.pairs_of, "called the same": share_with_interval(row.called_same, row.pairs)}


def paper_rows(paper: Sequence[PaperRow]) -> Iterator[Row]:
    """One row a kind of awkward paper: read in place, or refused with a reason; and how far off places were."""
    for row in paper:
        yield {
            "paper": row.kind,
            "slips": str(row.slips),
            "read in place": str(row.in_place),
            "with a finding": str(row.doubted),
            "refused with a finding": str(row.refused),
            "page shown": str(row.page_shown),
            "lost": str(row.lost),
            "shifted": str(row.shifted),
            "mixed up": str(row.mixed + row.misnamed),
            "extra": str(row.extra),
            "wrong boxes": f"{row.boxes_wrong}/{row.boxes_decided}",
            "mm off, mean": f"{row.mean_mm:.2f}",
            "most": f"{row.most_mm:.2f}",
        }


def machine_rows(opening: OpeningTimes | None, running: SystemTimes | None, peak_mb: float | None) -> Iterator[Row]:
    """What is measured once."""
    if peak_mb is not None:
        yield {"figure": "peak memory of the reading process", "value": f"{peak_mb:.0f} MB"}
    if opening is not None:
        yield {"figure": "opening a scanned PDF page", "value": f"{opening.ms_taken_out:.1f} ms"}
        yield {"figure": "  pages a second", "value": f"{1000 / opening.ms_taken_out:.0f}"}
        yield {"figure": "  the same rendered with pdf2image", "value": f"{opening.ms_rendered:.1f} ms"}
        yield {"figure": "  times faster", "value": f"{opening.ms_rendered / opening.ms_taken_out:.1f}"}
    if running is not None:
        yield {"figure": "refpad up, until everything answers", "value": f"{running.start_s:.1f} s"}
        slowest = max(running.drop_to_record_s)
        yield {
            "figure": f"drop to record, median and slowest of {len(running.drop_to_record_s)}",
            "value": f"{running.median_s:.2f} s, {slowest:.2f} s",
        }
        for name, megabytes in running.peak_mb.items():
            yield {"figure": f"  peak memory of {name}", "value": f"{megabytes:.0f} MB"}


def as_json(result: ChannelResult) -> dict[str, object]:
    """All counts of a channel, with the 95 % intervals of the shares that matter."""
    score = result.score
    return {
        "channel": result.channel.value,
        "counts": _counts(score),
        "pads": {pad: {**_counts(part), "wrong": dict(part.wrong)} for pad, part in sorted(result.pads.items())},
        "cer": {name: score.cer(name) for name in sorted(score.letters)},
        "interval_95": {
            "boxes_wrong": interval(score.boxes_wrong, score.boxes - score.boxes_doubtful),
            "fields_sure_wrong": interval(score.fields_sure_wrong, score.fields_sure),
            "slips_accepted_wrong": interval(score.slips_accepted_wrong, score.slips_accepted),
        },
        "extra_slips": result.extra_slips,
        "ms_a_slip": {stage: round(result.ms_a_slip(stage), 2) for stage in STAGES},
        "wrong_accepted": result.wrong_accepted,
        "blockers": {"held": result.blockers.held, "asked": dict(result.blockers.asked.most_common())},
    }


def _counts(score: Score) -> dict[str, int]:
    return {name: value for name, value in vars(score).items() if isinstance(value, int)}


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
