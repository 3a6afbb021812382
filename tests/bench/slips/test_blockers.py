"""What keeps signed slips from passing is counted slip by slip, and ranked."""

from bench.slips.blockers import BOXES, SLIP, BlockerRow, Blockers, ranked
from schemas.reading import Finding, MarkReading, MarkState, SlipReading
from schemas.reasons import FindingCode

BOX = MarkReading(value=MarkState.AMBIGUOUS, confidence=0.5, ink=0.1, reason="ink beside the box")


def _reading(*fields: str | None) -> SlipReading:
    findings = tuple(Finding(code=FindingCode.FIELD_DOUBTFUL, field=name, detail="Look at it.") for name in fields)
    return SlipReading(
        file="scan.tif",
        page=1,
        slip=1,
        corners_px=(),
        design="met",
        edition=1,
        serial=1,
        residual_mm=0.0,
        marks={"falls": BOX, "gait": BOX},
        verdict="review" if fields else "accepted",
        findings=findings,
    )


def test_what_keeps_most_slips_comes_first_with_what_it_alone_keeps() -> None:
    """Whoever mends the reader begins at the top; what is never alone frees no slip by itself."""
    scans, faxes = Blockers(), Blockers()
    for reading in (_reading("goals", "falls", "gait"), _reading("goals"), _reading()):
        scans.add(reading)
    faxes.add(_reading("patient_name", "goals", None))
    assert list(ranked((scans, faxes))) == [
        BlockerRow("goals", slips=3, alone=1, held=3),
        BlockerRow(BOXES, slips=1, alone=0, held=3),
        BlockerRow("patient name", slips=1, alone=0, held=3),
        BlockerRow(SLIP, slips=1, alone=0, held=3),
    ]
