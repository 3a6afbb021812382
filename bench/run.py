"""The whole bench: what is measured, in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.marks.box_material import BoxRow, measure_boxes_of
from bench.marks.contact_sheets import write_sheets
from bench.marks.mark_trial import MarkTrial, try_marks
from bench.marks.overlay_trial import OverlayTrial, try_overlays
from bench.marks.signature_pictures import SIGNATURES, real_signatures
from bench.marks.signature_trial import SignatureTrial, signature_lines, try_signatures
from bench.marks.trial import TrialSetup
from bench.slips.adopted import AdoptedMaterial, adopted_rows
from bench.slips.field_pictures import write_field_sheets
from bench.slips.paper import PaperMaterial, PaperRow, measure_paper
from bench.slips.simulated import BENCH_DAY, ChannelResult, SimulatedMaterial, measure_channel
from bench.speed.memory import reader_peak_mb
from bench.speed.open_pdf import OpeningTimes, measure_opening
from bench.speed.up import SystemTimes, measure_running
from bench.text.materials import MaterialRow, measure_materials
from ocr.page import Page
from ocr.recognizers import open_recognizers
from pads.catalog import find, load_all, printable
from pads.simulate.truth import Channel
from refpad.services.reading.file_reader import FileReader, open_reader
from refpad.settings import Settings
from schemas.acceptance import bar_for
from schemas.bars import ValueKind
from schemas.pad import PadDesign

NOT_A_SLIP = "not_a_slip"
MEMORY_FILES = 3  # of each channel; the peak is reached with the first large page (481 MB of 481 after 26 files)
UNSIGNED_OF_EACH = 25  # slips of each kind of unsigned line a channel
PRINTED_OF_EACH = 20  # of printed names: 1,200 in ten kinds and six channels, of which none would mean 0.3 % at most

Progress = Callable[[str, int], object]  # what is being done, and how many slips more are done


@dataclass(frozen=True)
class Plan:
    """What to measure. `data` is a folder of real material; without `whole`, only accuracy and speed a slip.

    `pads` are the pads that are simulated, by design or edition, each as many as `slips` and by the same
    hands; all that refpad prints, mixed, when it names none.

    `paper` is how many slips of each kind of awkward paper are measured. Contact sheets of the
    worst fields, boxes and signatures, and of fields that are right but doubted, go into the folder `pictures`.
    """

    channels: Sequence[Channel]
    slips: int
    seed: int
    data: Path | None
    marks_only: bool
    whole: bool
    paper: int = 0
    pictures: Path | None = None
    pads: Sequence[str] = ()

    def designs(self, settings: Settings) -> tuple[PadDesign, ...]:
        """The pads to simulate; UsageError lists what there is when one is not."""
        known = printable(load_all(settings.designs))
        return tuple(dict.fromkeys(find(known, name) for name in self.pads)) or known


@dataclass
class Measured:
    """All that was measured; None where it was not asked for."""

    channels: list[ChannelResult] = field(default_factory=list)
    materials: list[MaterialRow] = field(default_factory=list)
    paper: list[PaperRow] = field(default_factory=list)
    boxes: list[BoxRow] = field(default_factory=list)
    marks: list[MarkTrial] = field(default_factory=list)
    overlays: list[OverlayTrial] = field(default_factory=list)
    signatures: list[SignatureTrial] = field(default_factory=list)
    foreign_pages: int | None = None
    foreign_slips: int = 0
    opening: OpeningTimes | None = None
    running: SystemTimes | None = None
    reader_peak_mb: float | None = None


def measure(plan: Plan, settings: Settings, scratch: Path, progress: Progress) -> Measured:
    """Run the plan in the folder `scratch`; `progress` is told after each page."""
    measured = Measured()
    with open_reader(settings, marks_only=plan.marks_only) as files:
        _measure_channels(plan, settings, scratch, files, measured, progress)
        if plan.paper:
            awkward = PaperMaterial(plan.designs(settings), plan.paper, plan.seed, scratch / "paper")
            measured.paper += measure_paper(awkward, files, lambda kind, _: progress(kind, 0))
            foreign = AdoptedMaterial(plan.paper, plan.seed, scratch / "adopted")
            measured.paper += adopted_rows(foreign, settings, lambda kind, _: progress(kind, 0))
        if plan.data is not None:
            if not plan.marks_only:
                _measure_handwriting(plan.data, settings, measured, progress)
            _measure_foreign(plan.data, files, measured, progress)
            _measure_marks_and_signatures(plan, plan.data, settings, scratch, files, measured, progress)
        if plan.pictures is not None:
            write_field_sheets(plan.pictures, (channel.pictures for channel in measured.channels))
            write_sheets(plan.pictures, measured.boxes, measured.marks, measured.overlays, measured.signatures)
        if plan.whole:
            progress("opening PDFs", 0)
            measured.opening = measure_opening(scratch / "opening", plan.designs(settings), files.opener)
    if plan.whole:
        progress("memory", 0)
        scans = (path for channel in plan.channels for path in _some(scratch / channel.value))
        measured.reader_peak_mb = reader_peak_mb(scans, settings, BENCH_DAY)
        progress("refpad up", 0)
        measured.running = measure_running(scratch, plan.designs(settings))
    return measured


def _some(folder: Path) -> list[Path]:
    """Some of the scans of a channel; all that is in a folder of theirs is a scan, or their truth."""
    return sorted(path for path in folder.rglob("*.*") if path.suffix != ".json")[:MEMORY_FILES]


def _measure_channels(
    plan: Plan, settings: Settings, scratch: Path, files: FileReader, measured: Measured, progress: Progress
) -> None:
    material = SimulatedMaterial(plan.designs(settings), plan.slips, plan.seed, scratch, beside=bool(plan.pads))
    for channel in plan.channels:
        progress(channel.value, 0)

        def told(slips: int, name: str = channel.value) -> None:
            progress(name, slips)

        measured.channels.append(measure_channel(channel, material, files.reader, files.opener, settings.policy, told))


def _measure_marks_and_signatures(
    plan: Plan, data: Path, settings: Settings, scratch: Path, files: FileReader, measured: Measured, progress: Progress
) -> None:
    """Real boxes; marks of every kind, overlays, real signatures and unsigned lines, through the plan's channels."""
    progress("real boxes", 0)
    measured.boxes += measure_boxes_of(data)
    folder, designs = scratch / "trials", plan.designs(settings)
    folder.mkdir()
    drawn = (
        list(signature_lines(real_signatures(data / SIGNATURES), UNSIGNED_OF_EACH, PRINTED_OF_EACH))
        if (data / SIGNATURES).is_dir()
        else []
    )
    with open_reader(settings, marks_only=True) as marks_only:
        for channel in plan.channels:

            def told(done: int, of: int, name: str = channel.value) -> None:
                progress(f"marks and signatures, {name}: {done} of {of}", 0)

            trial = TrialSetup(channel, designs, plan.seed, folder, marks_only.reader, files.opener, told)
            measured.marks.append(try_marks(trial, plan.slips))
            measured.overlays.append(try_overlays(trial, plan.slips))
            if drawn:
                measured.signatures.append(try_signatures(trial, drawn))


def _measure_handwriting(data: Path, settings: Settings, measured: Measured, progress: Progress) -> None:
    progress("real handwriting", 0)
    sure_from = bar_for(ValueKind.PHRASE, settings.policy)
    recognizers = open_recognizers(settings.limits, settings.text_model, inference=settings.inference_engine)
    measured.materials += measure_materials(data, recognizers, sure_from, BENCH_DAY)


def _measure_foreign(data: Path, files: FileReader, measured: Measured, progress: Progress) -> None:
    if (data / NOT_A_SLIP).is_dir():
        progress("pages that are no slips", 0)
        pictures = sorted((data / NOT_A_SLIP).glob("*.png"))
        pages = [page for path in pictures for page in files.opener.pages(path) if isinstance(page, Page)]
        measured.foreign_pages = len(pages)
        measured.foreign_slips = sum(len(files.reader.read_page(page, "foreign", BENCH_DAY).slips) for page in pages)
