"""No letter offers anything for a referral: money, gifts, discounts and rewards are refused, with the sentence shown.

Paying for referrals is a crime where a federal health program pays for care (42 U.S.C. 1320a-7b(b)), and the
practice standard of medical exercise studios forbids even the look of it. The check is of words, so it also stops
some harmless sentences: whoever writes them can say the same in other words. What a letter only quotes is left out of
it (`followup/quoted.py`). How somebody compensates for a weak muscle is told in every other report: only what is
given for a referral counts as compensation.
"""

import re

from schemas.errors import UsageError

# Stems, so that "discounted" and "rewards" are found as well.
_WORDS = (
    r"bonus(?:es)?",
    r"cash",
    r"commissions?",
    r"complimentary",
    r"compensat\w* (?:you|your (?:office|practice|staff|team)|for (?:each|every|any|your) (?:patient|referr\w*))",
    r"(?:we (?:\w+ )?compensate|you (?:\w+ ){0,2}compensat(?:ed|ion))",
    r"(?:offer|receive|get|earn|pay|give)s? (?:\w+ ){0,2}compensation",
    r"coupons?",
    r"discount\w*",
    r"finder'?s fees?",
    r"free (?:of charge|session|visit|month|class|gift|trial)s?",
    r"gift(?:s|ed)?",
    r"giveaways?",
    r"gratuit(?:y|ies)",
    r"incentiv\w*(?! spiromet)",
    r"kick-?backs?",
    r"lotter(?:y|ies)",
    r"money",
    r"paid for referr\w*",
    r"pay(?:s|ing)? (?:you|for (?:each|every|your) referr\w*)",
    r"perks?",
    r"prizes?",
    r"raffles?",
    r"rebates?",
    r"referral (?:fee|bonus|program)s?",
    r"remunerat\w*",
    r"reward\w*",
    r"special offers?",
    r"sweepstakes?",
    r"vouchers?",
    r"[$\u20ac\u00a3]\s?\d[\d.,]*",
    r"\d[\d.,]*\s?(?:dollars?|usd|percent off|% off)",
)
_FORBIDDEN = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS)})(?!\w)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


class EthicsError(UsageError):
    """A letter would offer, or seem to offer, something for a referral."""


def objections(text: str) -> list[tuple[str, str]]:
    """Each forbidden word in `text` with the sentence it stands in; lines are sentences of their own."""
    straight = text.replace("\u2019", "'").replace("\u00ad", "")
    sentences = (" ".join(part.split()) for part in _SENTENCE_END.split(straight))
    return [(found[0], sentence) for sentence in sentences for found in _FORBIDDEN.finditer(sentence)]


def must_offer_nothing(text: str) -> None:
    """Raise EthicsError with the first sentence that offers something."""
    for word, sentence in objections(text):
        raise EthicsError(
            f'A letter never offers anything for a referral, and this one says "{word}": "{sentence}" '
            "Say it in other words."
        )
