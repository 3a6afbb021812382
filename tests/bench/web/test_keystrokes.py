"""Keys are counted as the page asks for them."""

from pathlib import Path

from bench.web.keystrokes import keys_of_slip, median_of, sample_keys
from pads.catalog import load_all
from refpad.services.reading.file_reader import open_reader
from refpad.settings import Settings
from schemas.reading import Finding
from schemas.reasons import FindingCode
from tests.web.simulated_slips import Doubts, design_of, reading_of, truth_of

SAMPLES = Path(__file__).parents[3] / "samples"
TRUTH = truth_of(1401, diagnosis="B/L knee OA", provider_name="N. Rosenthal, MD")
TYPICAL = Doubts(
    text={"diagnosis": ("B/L knee 0A", "B/L knee OA"), "provider_name": ("N. Rosenthal, MD",)},
    boxes=("arthritis",),
    signature=True,
)


def test_a_typical_slip_takes_one_key_a_doubt_and_one_to_accept() -> None:
    """As tests/web/test_browser.py presses them: proposed, checked, right as read, signed, accepted."""
    found = keys_of_slip(reading_of(TRUTH, TYPICAL), TRUTH, design_of(), "US")
    assert (found.doubts, found.keys) == (4, 5)


def test_a_word_that_is_proposed_nowhere_is_typed_and_a_warning_takes_its_own_key() -> None:
    """E, the letters, Enter; and a tick."""
    blurred = Finding(code=FindingCode.IMAGE_BLURRED, detail="The picture is blurred.")
    reading = reading_of(TRUTH, Doubts(text={"diagnosis": ("gout",)}))
    with_warning = reading.model_copy(update={"findings": (*reading.findings, blurred)})
    found = keys_of_slip(with_warning, TRUTH, design_of(), "US")
    assert (found.doubts, found.keys) == (2, 1 + len("B/L knee OA") + 1 + 1 + 1)
    assert median_of([found]) == (2, found.keys, found.seconds)


def test_what_the_page_proposes_is_one_key_also_capitals_and_without_a_space_at_the_end() -> None:
    """A digit takes "Change to Ada Quill"; a space that nobody sees is no other word."""
    truth = truth_of(1402, patient_name="Ada Quill", diagnosis="B/L knee OA")
    reading = reading_of(truth, Doubts(text={"patient_name": ("ada quill",), "diagnosis": ("B/L knee OA ",)}))
    found = keys_of_slip(reading, truth, design_of(), "US")
    assert (found.doubts, found.keys) == (2, 3)


def test_the_samples_that_wait_are_counted(tmp_path: Path) -> None:
    """Read by the real reader, boxes and signatures only, which is quick."""
    with open_reader(Settings(folder=tmp_path / "data"), marks_only=True) as files:
        designs = {design.pad_id: design for design in load_all()}
        found = list(sample_keys(SAMPLES, files, designs, "US"))
    assert len(found) > 10
    assert all(slip.keys > slip.doubts for slip in found)
