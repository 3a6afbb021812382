"""A code in cells is the likeliest of all codes there are, or nothing that passes."""

import numpy as np
import pytest

from ocr.text.code_reader import SIGNS, bears_out, rank_codes


def seen(
    text: str, *, sure: float = 0.9, **instead: dict[str, float]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """What the cells show: these signs, or at places named p0, p1 ... others with their likelihoods."""
    chances = np.full((len(text), len(SIGNS)), 0.001)
    for place, sign in enumerate(text):
        for shown, chance in instead.get(f"p{place}", {sign: sure}).items():
            chances[place, SIGNS.index(shown)] = chance
    return chances


@pytest.mark.parametrize("code", ["I10", "E11.9", "M17.11", "Z96.651", "S83.511A"])
def test_codes_of_every_length_are_read(code: str) -> None:
    """From three signs to seven; the seventh, which the list does not have, stands behind one of six."""
    (best, share), *_ = rank_codes(seen(code.replace(".", "")))
    assert best == code
    assert share > 0.9


def test_the_list_says_which_of_two_signs_that_look_alike_is_meant() -> None:
    """An O in the second place is a zero; no code begins with a 1 where an I is as likely."""
    chances = seen("I10", p0={"I": 0.4, "1": 0.5}, p2={"O": 0.6, "0": 0.3})
    assert rank_codes(chances)[0][0] == "I10"


def test_codes_that_the_ink_does_not_tell_apart_share_what_there_is() -> None:
    """Left or right knee is one digit: where it is unclear, a person looks."""
    shares = dict(rank_codes(seen("M1711", p4={"1": 0.5, "2": 0.45})))
    assert {"M17.11", "M17.12"} <= shares.keys()
    assert max(shares.values()) < 0.6


def test_a_code_that_is_not_in_the_list_is_not_bent_into_one_that_is() -> None:
    """Causes of injury are left out of it: what is nearest to W19 is another matter."""
    chances = seen("W19")
    assert not bears_out(chances, rank_codes(chances)[0][0])
    assert bears_out(seen("M1711"), "M17.11")


@pytest.mark.parametrize("place", range(5))
def test_a_sign_that_is_hardly_seen_is_borne_out_by_no_list(place: int) -> None:
    """Where the list leaves one code alone, a scrawl passed as its 4: E11.9 was E11.4 at 0.98."""
    code = "M1711"
    for chance, is_borne_out in ((0.45, False), (0.6, True)):
        chances = seen(code, **{f"p{place}": {code[place]: chance}})
        (best, share), *_ = rank_codes(chances)
        assert (best, share > 0.9) == ("M17.11", True)
        assert bears_out(chances, best) is is_borne_out
