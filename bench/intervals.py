"""Shares with their counts and 95 % intervals."""

from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


def interval(hits: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); (0, 1) when nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share, z2 = hits / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * (share * (1 - share) / of + z2 / (4 * of**2)) ** 0.5 / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_with_interval(hits: int, of: int) -> str:
    """A share for people to read: hits of how many, in percent, with its 95 % interval."""
    if of == 0:
        return "-"
    low, high = interval(hits, of)
    return f"{hits}/{of} = {hits / of:.1%} ({low:.1%} to {high:.1%})"
