"""How well the machine reads, measured on slips that a person looked at though it was sure."""

from math import sqrt
from statistics import NormalDist

from pydantic import Field

from schemas.base import Value
from schemas.referral import VERBATIM, Referral

CERTAINTY = 0.95
SINGLE = (
    *VERBATIM,
    "patient_phone",
    "signature",
    "signed_on",
    "next_visit_on",
    "birth_date",
    "serial",
    "design",
    "edition",
)


class Share(Value):
    """`wrong` of `seen`, with the interval (0 to 1) that holds the true share 19 times of 20."""

    wrong: int = Field(ge=0)
    seen: int = Field(ge=0)

    @property
    def share(self) -> float | None:
        return self.wrong / self.seen if self.seen else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (JASA 22, 1927): honest for few slips and few errors."""
        if not self.seen:
            return 0.0, 1.0
        z = NormalDist().inv_cdf((1 + CERTAINTY) / 2)
        n, p = self.seen, self.wrong / self.seen
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        low = 0.0 if self.wrong == 0 else max(0.0, middle - half)
        return low, 1.0 if self.wrong == self.seen else min(1.0, middle + half)


def wrong_fields(accepted: Referral, seen: Referral) -> tuple[str, ...]:
    """The fields in which a person saw something else than was accepted; a box is a field of its own."""
    differing = [name for name in SINGLE if getattr(accepted, name) != getattr(seen, name)]
    boxes = {*accepted.conditions, *accepted.services} ^ {*seen.conditions, *seen.services}
    answers = {**accepted.answers, **seen.answers}
    other = [name for name in answers if accepted.answers.get(name) != seen.answers.get(name)]
    return (*differing, *other, *sorted(boxes))
