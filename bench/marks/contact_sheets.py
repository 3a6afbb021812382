"""Which contact sheets the bench writes."""

from collections.abc import Sequence
from pathlib import Path

from bench.contact_sheet import write_sheet
from bench.marks.box_material import BoxRow
from bench.marks.mark_trial import MarkTrial
from bench.marks.signature_trial import SignatureTrial


def write_sheets(
    folder: Path, boxes: Sequence[BoxRow], marks: Sequence[MarkTrial], signatures: Sequence[SignatureTrial]
) -> None:
    """The worst of each: `boxes-MATERIAL.png`, `marks-CHANNEL.png`, `signatures-CHANNEL.png`.

    Those of real material show it: keep them as it is kept.
    """
    for row in boxes:
        write_sheet(folder / f"boxes-{row.material}.png", row.specimens)
    for trial in marks:
        write_sheet(folder / f"marks-{trial.channel.value}.png", trial.specimens)
    for tried in signatures:
        write_sheet(folder / f"signatures-{tried.channel.value}.png", tried.specimens)
