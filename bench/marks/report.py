"""Boxes, marks and signatures as rows for people and as JSON for machines, with 95 % intervals."""

from collections.abc import Iterator, Sequence

from bench.intervals import interval, share_with_interval
from bench.marks.box_material import BoxRow
from bench.marks.mark_trial import EMPTY, MarkTrial
from bench.marks.overlay_trial import OverlayTrial
from bench.marks.signature_trial import DOUBTED, HELD_OUT, SIGNED, SignatureTrial
from bench.marks.unsigned_lines import Unsigned
from pads.simulate.paper.overlays import Overlay
from pads.simulate.truth import MarkStyle, MarkTrouble
from schemas.reading import MarkState, SignatureState

Row = dict[str, str]
UNSIGNED = tuple(kind.value for kind in Unsigned)


def box_rows(materials: Sequence[BoxRow]) -> Iterator[Row]:
    """One row a folder of real boxes; arguable ones are counted aside."""
    for material in materials:
        yield {
            "material": material.material,
            "boxes": str(material.boxes),
            "wrong among decided": share_with_interval(material.wrong, material.decided),
            "undecided": share_with_interval(material.undecided, material.boxes),
            "arguable, aside": str(material.aside),
            "of them against the truth": str(material.aside_wrong),
            "undecided there": str(material.aside_undecided),
        }


def mark_rows(trials: Sequence[MarkTrial]) -> Iterator[Row]:
    """One row a kind of mark: plain ones wrong and doubted, troubled ones called, of how many, by channel."""
    for style in (EMPTY, *(style.value for style in MarkStyle)):
        wrongly = MarkState.CHECKED if style == EMPTY else MarkState.UNCHECKED
        yield {"mark": style} | {
            trial.channel.value: f"{trial.of(style, wrongly)} wrong, {trial.of(style, MarkState.AMBIGUOUS)} doubted"
            f" of {trial.of(style)}"
            for trial in trials
        }
    for trouble in (trouble.value for trouble in MarkTrouble):
        yield {"mark": trouble} | {
            trial.channel.value: f"{trial.of(trouble, MarkState.CHECKED, MarkState.UNCHECKED)} called"
            f" of {trial.of(trouble)}"
            for trial in trials
        }


def overlay_rows(trials: Sequence[OverlayTrial]) -> Iterator[Row]:
    """One row an overlay, then one a channel: boxes called wrongly, boxes doubted, slips asked about."""
    if not trials:
        return
    for overlay in Overlay:
        yield {"overlay": overlay.value} | _overlay_row(trials, (overlay,))
    for trial in trials:
        yield {"overlay": f"all, {trial.channel.value}"} | _overlay_row((trial,), tuple(Overlay))


def _overlay_row(trials: Sequence[OverlayTrial], overlays: Sequence[Overlay]) -> Row:
    wrong = sum(trial.wrong(overlays) for trial in trials)
    decided = sum(trial.decided(overlays) for trial in trials)
    checked, empty = (
        (_count(trials, overlays, truth, MarkState.AMBIGUOUS), _count(trials, overlays, truth))
        for truth in (True, False)
    )
    slips = sum(trial.slips[overlay] for trial in trials for overlay in overlays)
    asked = sum(trial.canceled[overlay] for trial in trials for overlay in overlays)
    return {
        "slips": str(slips),
        "wrong boxes among decided": share_with_interval(wrong, decided),
        "checked boxes doubted": share_with_interval(*checked),
        "empty boxes doubted": share_with_interval(*empty),
        "asked whether canceled": f"{asked}/{slips}",
    }


def _count(trials: Sequence[OverlayTrial], overlays: Sequence[Overlay], checked: bool, *states: MarkState) -> int:
    return sum(trial.of(overlays, checked, *states) for trial in trials)


def signature_rows(trials: Sequence[SignatureTrial]) -> Iterator[Row]:
    """One row a channel: real signatures, and lines that nobody signed."""
    for trial in trials:
        signed, unsigned = trial.of(SIGNED), trial.of(UNSIGNED)
        held = (HELD_OUT,)
        yield {
            "channel": trial.channel.value,
            "signatures": str(signed),
            "false absent": share_with_interval(trial.of(SIGNED, SignatureState.ABSENT), signed),
            "uncertain": share_with_interval(trial.of(SIGNED, *DOUBTED), signed),
            "held-out writers": str(trial.of(held)),
            "false absent, held out": share_with_interval(trial.of(held, SignatureState.ABSENT), trial.of(held)),
            "uncertain, held out": share_with_interval(trial.of(held, *DOUBTED), trial.of(held)),
            "unsigned": str(unsigned),
            "false present": share_with_interval(trial.of(UNSIGNED, SignatureState.PRESENT), unsigned),
        }


def unsigned_rows(trials: Sequence[SignatureTrial]) -> Iterator[Row]:
    """One row a kind of unsigned line, all channels together."""
    if not trials:
        return
    for kind in UNSIGNED:
        count = sum(trial.of((kind,)) for trial in trials)
        states = {state: sum(trial.of((kind,), state) for trial in trials) for state in SignatureState}
        yield {
            "on the line": kind,
            "slips": str(count),
            "absent": str(states[SignatureState.ABSENT]),
            "uncertain": str(states[SignatureState.UNCERTAIN]),
            "typed": str(states[SignatureState.TYPED]),
            "false present": share_with_interval(states[SignatureState.PRESENT], count),
        }


def as_json(
    boxes: Sequence[BoxRow],
    marks: Sequence[MarkTrial],
    overlays: Sequence[OverlayTrial],
    signatures: Sequence[SignatureTrial],
) -> dict[str, object]:
    """All counts."""
    return {
        "boxes": [{name: value for name, value in vars(row).items() if name != "specimens"} for row in boxes],
        "marks": [{"channel": trial.channel.value, "calls": _calls(trial)} for trial in marks],
        "overlays": [{"channel": trial.channel.value, **_overlay_counts(trial)} for trial in overlays],
        "signatures": [{"channel": trial.channel.value, "calls": _calls(trial)} for trial in signatures],
    }


def _overlay_counts(trial: OverlayTrial) -> dict[str, object]:
    calls: dict[str, dict[str, int]] = {}
    for (overlay, checked, state), count in sorted(trial.calls.items()):
        calls.setdefault(f"{overlay.value}, {'checked' if checked else 'empty'}", {})[state.value] = count
    everything = tuple(Overlay)
    wrong, decided = trial.wrong(everything), trial.decided(everything)
    return {
        "slips": {overlay.value: count for overlay, count in trial.slips.items()},
        "canceled": {overlay.value: count for overlay, count in trial.canceled.items()},
        "calls": calls,
        "interval_95": {"boxes_wrong": interval(wrong, decided)},
    }


def _calls(trial: MarkTrial | SignatureTrial) -> dict[str, dict[str, int]]:
    calls: dict[str, dict[str, int]] = {}
    for (kind, state), count in sorted(trial.calls.items()):
        calls.setdefault(kind, {})[state.value] = count
    return calls
