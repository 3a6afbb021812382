"""Models of language: what was seen is expected, what was not stays possible, and digits are left to the ink."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.language.alphabet import CHARACTERS, DIGITS, END, PLACE, SIZE, fold, folding_matrix
from ocr.language.context_index import LONGEST_MOST
from ocr.language.ngrams import DATA, LEAST, ROW_MOST, WEIGHTS, NGrams, PackedNGrams, model
from ocr.language.own_words import OwnWords
from ocr.language.rescore import language_of
from ocr.language.train import counts, mix_counts, pack

ROOT = Path(__file__).parents[3]
# 63 MB of models and 13 of codes; with an object for each row and each set of words they took 147.
MOST_MB = 110


LINES = ["knee pain", "knee strain", "hip pain", "knee pain 12 wks"]


@pytest.fixture(scope="module")
def small() -> NGrams:
    """A model that has seen four lines."""
    return NGrams(pack(counts(LINES), 1.0), 1.0)


def text_of(key: int) -> str:
    return key.to_bytes(LONGEST_MOST, "big").lstrip(b"\0").decode()


def test_what_was_written_before_is_expected_more_than_what_was_not(small: NGrams) -> None:
    """That is all a language model is for."""
    assert language_of("knee pain", small) > language_of("knee pajn", small)
    assert small.row("knee pai")[PLACE["n"]] > small.row("knee pai")[PLACE["m"]]


@given(st.text(CHARACTERS, max_size=12))
def test_every_character_stays_possible_after_every_text(before: str) -> None:
    """The lexicon is a prior, never a prison: a name nobody has heard of must be readable."""
    row = model("text").row(before)
    assert row.shape == (SIZE,)
    assert np.isfinite(row).all()
    assert float(np.exp(row).min()) >= LEAST * 0.99


def test_no_digit_is_likelier_than_another(small: NGrams) -> None:
    """9/14 and 9/17 are equally good dates; only the ink may tell."""
    for prior in (small, model("text"), model("numbers")):
        row = prior.row("knee pain 1")
        assert len({float(row[PLACE[digit]]) for digit in DIGITS}) == 1


def test_no_character_is_expected_more_than_the_search_reckons_with() -> None:
    """It drops texts that could not be kept whatever their next letter did."""
    for kind in WEIGHTS:
        contexts = [text_of(key) for key in PackedNGrams.load(DATA / f"{kind}.npz").contexts.tolist()]
        before = "\0" * max(map(len, contexts))  # what nobody writes: each context then has its own row
        assert max(float(model(kind).row(before + context).max()) for context in contexts) <= ROW_MOST


def test_several_characters_are_expected_as_each_by_itself(small: NGrams) -> None:
    """Whole texts are weighed with one look at the model."""
    for prior in (small, OwnWords(small, ["pain"])):
        for before in ("", "k", "knee ", "zzz zzz "):
            ends = [*(prior.row(f"{before}{'pain x'[:at]}")[PLACE[letter]] for at, letter in enumerate("pain x"))]
            assert prior.along("pain x", before).tolist() == [*ends, prior.row(f"{before}pain x")[END]]
            assert np.array_equal(prior.after(before).row, prior.row(before))


def test_a_line_may_end_after_any_word(small: NGrams) -> None:
    """Where the line ends is where the paper ends."""
    row = small.row("knee")
    assert row[END] >= row[PLACE[" "]]


def test_a_model_is_the_same_after_a_file(small: NGrams, tmp_path: Path) -> None:
    """Shares are kept in bytes, to within 3 %."""
    made = pack(counts(LINES), 1.0)
    made.save(tmp_path / "model.npz")
    read = PackedNGrams.load(tmp_path / "model.npz")
    assert list(read.contexts) == list(made.contexts)
    assert np.array_equal(NGrams(read, 1.0).row("knee p"), small.row("knee p"))


def test_rare_contexts_are_left_to_shorter_ones() -> None:
    """What was seen once may be a misprint, and makes the file large."""
    few = pack(counts(LINES), 3.0)
    assert len(few.contexts) < len(pack(counts(LINES), 1.0).contexts)
    assert text_of(int(few.contexts[0])) == ""


def test_parts_are_mixed_by_their_share_whatever_their_length() -> None:
    """A million dictionary lines must not drown ten thousand diagnoses."""
    parts = {"long": (0.5, counts(["aaaa"] * 100)), "short": (0.5, counts(["bbbb"]))}
    row = mix_counts(parts, 1000)[""]
    assert row["a"] == pytest.approx(row["b"])


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        ("s/p l tka", "s/p l tke"),
        ("lumbar stenosis", "lumbav stenosis"),
        ("improve gait and balance", "improve gart and balanre"),
        ("no overhead lifting", "no overnead liftmg"),
    ],
)
def test_the_language_of_the_field_is_known(likely: str, unlikely: str) -> None:
    """A diagnosis is not English prose."""
    assert language_of(likely, model("text")) > language_of(unlikely, model("text")) + 2


def test_capitals_accents_and_typographic_quotes_are_folded() -> None:
    """The models know 60 characters; the ink says which form was written."""
    assert fold("Zoë O\u2019Brien  \u2013  L4") == "zoe o'brien - l4"
    assert folding_matrix("\0Aaé\u2014")[:, PLACE["a"]].tolist() == [0, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("meant", "mistaken"),
    [
        ("psa, on mtx", "psa, on mix"),
        ("cad, icd 2019", "cad, iod 2019"),
        ("lumbar ddd l4-5", "lumbar dop l4-5"),
        ("hx of cva", "he of cva"),
        ("knee oa, r > l", "knee oa, r > 1"),
        ("hip oa, dm2", "hip 0a, dm2"),
        ("on o2 at night", "on 02 at night"),
        ("a1c 8.2", "alc 8.2"),
        ("l5 radiculopathy", "15 radiculopathy"),
        ("c5-6 stenosis", "cs-6 stenosis"),
        ("t12 fracture", "tiz fracture"),
        ("w/ walker", "wi walker"),
        ("c/o dizziness", "clo dizziness"),
        ("s/p tka b/l", "sip tka bil"),
        ("cardio 4x/wk", "cardio ax/wk"),
        ("walk 4 days/wk", "walk 4 days lwk"),
    ],
)
def test_the_shorthand_of_the_field_is_expected_and_its_look_alikes_are_not(meant: str, mistaken: str) -> None:
    """Half of what a referral says is shorthand; a letter changed in it is another word, or another joint."""
    prior = model("text")
    assert language_of(meant, prior) > language_of(mistaken, prior)


@pytest.mark.parametrize(
    "name",
    ["o'brien", "o'sullivan", "o'keefe", "o'neill", "d'souza", "d'amico", "d'agostino", "l'heureux"],
)
@pytest.mark.parametrize("before", ["", "dr. ", "pearl m. ", "t. "])
def test_a_name_is_expected_with_its_apostrophe(name: str, before: str) -> None:
    """The census leaves it out; people do not, and with a letter less to see for it, it was lost for sure."""
    prior = model("names")
    assert language_of(name, prior, before) > language_of(name.replace("'", ""), prior, before)


@pytest.mark.parametrize(
    ("meant", "mistaken"),
    [
        ("delgado, rosa", "delgado,rosa"),
        ("p. hendricks, dc, ccsp", "p. hendricks, dc. cosp"),
        ("ana mehta, md, facs", "ana mehta, md. facs"),
        ("rosa levine", "rosalevine"),
        ("ray shaw, pa-c", "ray shaw. pa-c"),
    ],
)
def test_names_are_expected_as_they_are_signed(meant: str, mistaken: str) -> None:
    """Double names, a family name put first, and what stands behind a provider's name."""
    prior = model("names")
    assert language_of(meant, prior) > language_of(mistaken, prior)


def test_the_models_and_the_codes_together_stay_small() -> None:
    """Each worker has a process that holds them, on machines of small offices."""
    program = (
        "from ocr.language.ngrams import WEIGHTS, model; from ocr.diagnosis.codes import code_list\n"
        "def mb(): return int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6\n"
        "before = mb(); held = [*map(model, WEIGHTS), code_list()]; print(mb() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < MOST_MB
