"""Which contact sheets the bench writes."""

from collections.abc import Sequence
from pathlib import Path

from bench.contact_sheet import write_sheet
from bench.marks.box_material import BoxRow
from bench.marks.mark_trial import MarkTrial
from bench.marks.overlay_trial import OverlayTrial
from bench.marks.signature_trial import SignatureTrial


def write_sheets(
    folder: Path,
    boxes: Sequence[BoxRow],
    marks: Sequence[MarkTrial],
    overlays: Sequence[OverlayTrial],
    signatures: Sequence[SignatureTrial],
) -> None:
    """The worst of each: `boxes-MATERIAL.png`, and `marks-`, `overlays-` and `signatures-CHANNEL.png`.

    Those of real material show it: keep them as it is kept.
    """
    for row in boxes:
        write_sheet(folder / f"boxes-{row.material}.png", row.specimens)
    for trial in marks:
        write_sheet(folder / f"marks-{trial.channel.value}.png", trial.specimens)
    for laid in overlays:
        write_sheet(folder / f"overlays-{laid.channel.value}.png", laid.specimens)
    for tried in signatures:
        write_sheet(folder / f"signatures-{tried.channel.value}.png", tried.specimens)
