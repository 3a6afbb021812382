"""The picture of what passes, and of what is wrong among it, as studios' slips are settled."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.target import SettledSlips, total
from schemas.errors import MissingPackageError
from schemas.quality import Share


def draw_target(path: Path, scenes: Mapping[str, Sequence[Sequence[SettledSlips]]], target: float, step: int) -> None:
    """Write the picture (its suffix says the format): for each scene, several studios' steps of `step` slips each.

    Raises MissingPackageError where matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        raise MissingPackageError("The picture", "matplotlib", "leave --picture out") from None
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (above, below) = plt.subplots(2, 1, figsize=(8, 6.5), sharex=True)
    for title, studios in scenes.items():
        together = [total(list(same)) for same in zip(*studios, strict=True)]
        slips = [step * (at + 1) for at in range(len(together))]
        (line,) = above.plot(slips, [100 * done.passed / done.values for done in together], label=title)
        shares = [Share(wrong=done.wrong, seen=done.passed) for done in together]
        below.plot(slips, [100 * (share.share or 0) for share in shares], color=line.get_color(), label=title)
        low, high = [100 * share.interval[0] for share in shares], [100 * share.interval[1] for share in shares]
        below.fill_between(slips, low, high, color=line.get_color(), alpha=0.12, linewidth=0)
    below.axhline(100 * target, color="gray", linewidth=1, label="the target")
    above.set_ylabel("% of values that pass")
    below.set_ylabel("% wrong of those")
    below.set_xlabel(f"slips settled, by {step} (readings drawn from measured distributions, not read)")
    above.set_ylim(0, 100)
    below.set_ylim(0, None)
    above.legend(fontsize=8)
    below.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
