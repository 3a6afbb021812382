"""Two networks as one reader: which of them looks first, and who looks again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.recognizers import open_recognizers
from ocr.recognizers.recognizer import EngineFailedError, RecognizedLine, TextRecognizer
from ocr.recognizers.two_networks import TwoNetworks, Writing, networks_of, turns_of
from ocr.text import read_text
from schemas.limits import Limits
from schemas.reasons import FindingCode
from schemas.text_model import TextModel
from tests.ocr.text.slips import TODAY, filled_slip, template

HAND = "nothing-you-could-do"  # its letters are joined, as those of type are not
CLEAR, UNSURE = "improve balance", "vqrm xkzt wjmvu qzzk"


@pytest.fixture(scope="module")
def networks() -> TwoNetworks:
    """The networks that refpad ships."""
    reader = open_recognizers(Limits(), TextModel.BOTH)[0]
    assert isinstance(reader, TwoNetworks)
    return reader


@dataclass
class Shown:
    """A real network that remembers the widths of the pictures that it was shown."""

    reader: TextRecognizer
    widths: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.reader.name

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        self.widths += [line.shape[1] for line in lines]
        return self.reader.recognize(lines)


@dataclass
class BrokenNetwork:
    """A network whose engine dies."""

    name: str = "broken"

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        raise EngineFailedError(f"The engine died on {len(lines)} lines.")


@pytest.mark.parametrize(("said", "looks", "read_by"), [(CLEAR, [0, 1], "refpad"), (UNSURE, [1, 1], "refpad+ppocr")])
def test_words_by_a_pen_are_seen_first_by_the_network_trained_for_pens_and_what_it_leaves_unsure_by_the_other(
    said: str, looks: list[int], read_by: str, networks: TwoNetworks
) -> None:
    """Each look costs as much as all else about the line; and who decided stays visible."""
    general, pen = Shown(networks.general), Shown(networks.pen)
    slip = filled_slip({"goals": said}, hand=HAND)
    reading = read_text(slip, template(), [TwoNetworks(general, pen)], TODAY, "US").readings["goals"]
    assert ([len(general.widths), len(pen.widths)], reading.reader) == (looks, read_by)


def test_the_networks_are_shown_different_views(networks: TwoNetworks) -> None:
    """Another network and another view err apart; the same view would be misread for the same blot."""
    general, pen = Shown(networks.general), Shown(networks.pen)
    read_text(filled_slip({"goals": UNSURE}, hand=HAND), template(), [TwoNetworks(general, pen)], TODAY, "US")
    assert general.widths != pen.widths


def test_type_is_looked_at_twice_by_the_network_that_was_trained_on_print(networks: TwoNetworks) -> None:
    """Weights trained for pens are less sure of it: of 32 typed slips 23 pass so, 20 where they look again."""
    general, pen = Shown(networks.general), Shown(networks.pen)
    read_text(filled_slip({"goals": UNSURE}, hand="tinos"), template(), [TwoNetworks(general, pen)], TODAY, "US")
    assert (len(general.widths), pen.widths) == (2, [])


@pytest.mark.parametrize(("broken", "read_by"), [("general", "refpad"), ("pen", "ppocr")])
def test_where_one_network_breaks_down_the_other_reads_on_and_it_is_told(
    broken: str, read_by: str, networks: TwoNetworks
) -> None:
    """Two engines are two that can die: a slip must not lose its words with either."""
    slip = filled_slip({"goals": UNSURE}, hand=HAND)
    text = read_text(slip, template(), [replace(networks, **{broken: BrokenNetwork()})], TODAY, "US")
    assert text.readings["goals"].reader == read_by
    assert [found.code for found in text.findings] == [FindingCode.ENGINE_FAILED]


def test_a_reader_of_one_network_looks_twice_itself(networks: TwoNetworks) -> None:
    """Which networks look, the setting says, and nothing else."""
    alone = turns_of(networks.general, Writing.WORDS)
    assert [turn.network for turn in alone] == [networks.general, networks.general]
    assert {turn.network for turn in turns_of(networks, Writing.WORDS)} == set(networks_of(networks))


@pytest.mark.parametrize("writing", Writing)
def test_no_network_is_shown_the_same_view_twice(writing: Writing, networks: TwoNetworks) -> None:
    """A network that sees the same again says the same again, and would count as another opinion."""
    for reader in (networks, networks.general):
        turns = turns_of(reader, writing)
        assert len(set(turns)) == len(turns) > 1
