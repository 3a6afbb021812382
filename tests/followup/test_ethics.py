"""No letter offers anything for a referral."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.ethics import EthicsError, must_offer_nothing, objections
from followup.letters import text_of

REFUSED = (
    "As a thank-you we send you a gift card.",
    "For each patient you get $25.",
    "Your patients get a 10% off coupon.",
    "Refer three and get a REWARD!",
    "There is a small bonus for your staff.",
    "We pay for every referral.",
    "The first session is complimentary.",
    "Your discounted rate is waiting.",
    "A free session for your family.",
    "You take part in our raffle.",
    "Money is no matter.",
    "Ask about our referral program.",
    "We offer 50 dollars.",
    "You will be compensated.",
    "We gladly compensate your staff.",
    "There is compensation for each referral.",
    "Offices receive a small compensation.",
)
HARMLESS = (
    "Thank you for the trust that you place in us.",
    "She is free of symptoms on stairs and moves freely.",
    "Range of motion went from 94 to 108 degrees.",
    "Her payload of groceries is 5 kg; she can repay the effort with rest.",
    "He went to the cashew shop.",
    "The course was given up.",
    "Squats with a compensatory trunk lean; compensates for weak abductors at the left hip.",
    "Compensated heart failure; workers' compensation case.",
    "Breathes against the incentive spirometer twice a day.",
)


@pytest.mark.parametrize("sentence", REFUSED)
def test_an_offer_is_refused_with_its_sentence(sentence: str) -> None:
    """Who wrote it must see where."""
    with pytest.raises(EthicsError) as raised:
        must_offer_nothing(f"All is well. {sentence} With kind regards")
    assert sentence in str(raised.value)


@pytest.mark.parametrize("sentence", HARMLESS)
def test_what_offers_nothing_passes(sentence: str) -> None:
    """A check that cries wolf is switched off."""
    assert objections(sentence) == []


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_an_offer_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    """Between any other words and signs."""
    assert objections(f"{before} gift {after}")


def test_an_offer_in_pieces_of_html_is_found() -> None:
    """A word cut by a tag reads as one word on paper."""
    assert objections(text_of("<p>You get a dis<b>count</b> from us.</p>"))
    assert objections(text_of("<p>You get a gift&nbsp;card, and cou&shy;pons.</p>"))


def test_what_a_reader_does_not_see_is_not_judged() -> None:
    """A style sheet may have a class named discount."""
    assert objections(text_of("<head><title>gift</title><style>.discount {}</style></head><p>Well.</p>")) == []
