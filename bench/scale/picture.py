"""The picture of how each step's time grows with the record."""

from collections.abc import Sequence
from pathlib import Path

from bench.scale.growth import RecordSize
from schemas.errors import MissingPackageError

TARGET_MS = 100.0  # what a person takes for "at once": Nielsen, Usability Engineering (1993), chapter 5


def draw_growth(path: Path, sizes: Sequence[RecordSize]) -> None:
    """Write the picture: p95 in milliseconds of each step over the referrals on record, both logarithmic.

    The suffix of `path` says the format. Raises MissingPackageError where matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        raise MissingPackageError("The picture", "matplotlib", "leave --picture out") from None
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(9.5, 5))
    referrals = [size.referrals for size in sizes]
    for number, step in enumerate(sizes[0].steps):
        axes.plot(referrals, [size.steps[number].p95_ms for size in sizes], marker="o", label=step.what)
    axes.axhline(TARGET_MS, color="gray", linewidth=1, label="at once for a person")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("referrals on record")
    axes.set_ylabel("milliseconds, p95")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.02, 0.5))
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
