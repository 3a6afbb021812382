"""Second looks at single values: of what was sure, chance has a person asked about some, as if it were in doubt."""

from collections.abc import Callable, Mapping

from schemas.bars import ValueKind

Asked = Mapping[str, float]  # the fields that are asked about, each with the chance (0 to 1) it was drawn with


def draw(
    sure: Mapping[str, ValueKind],
    shares: Mapping[ValueKind, float],
    chance: Callable[[], float],
    *,
    is_accepted: bool,
) -> Asked:
    """Which of the `sure` fields of one slip a person is asked about; each with the same chance, its kind's share.

    On a slip that waits for a person anyway each is drawn by itself, and costs a key. One that nothing is in doubt on
    is drawn as a whole, since opening it is what costs, and then most of its values are asked about.
    """
    most = max((shares[kind] for kind in sure.values()), default=0.0)
    if most <= 0 or (is_accepted and chance() >= most):
        return {}
    whole = most if is_accepted else 1.0
    return {name: shares[kind] for name, kind in sure.items() if chance() < shares[kind] / whole}
