"""The bench as rows."""

from collections import Counter

from bench.report import pad_rows
from bench.slips.score import Score
from bench.slips.simulated import ChannelResult
from pads.simulate.truth import Channel


def _result(channel: Channel, **pads: Score) -> ChannelResult:
    return ChannelResult(channel, pads={name.replace("_", "-"): score for name, score in pads.items()})


def test_pads_stand_beside_each_other_by_channel_and_all_together() -> None:
    """A new edition is printed only when it is read no worse than the one before; one command shows that."""
    old = Score(slips=4, found=4, signed=4, doubts=10, fields=8, wrong=Counter(goals=2))
    new = Score(slips=2, found=2, signed=2)
    rows = list(pad_rows([_result(Channel.FAX_FINE, met_1=old, met_2=new), _result(Channel.PHOTO, met_1=old)]))
    assert [(row["channel"], row["pad"], row["doubts a signed slip"], row["fields wrong"]) for row in rows] == [
        ("fax-fine", "met-1", "2.5", "2/8"),
        ("fax-fine", "met-2", "0.0", "0/0"),
        ("photo", "met-1", "2.5", "2/8"),
        ("photo", "met-2", "-", "0/0"),
        ("all", "met-1", "2.5", "4/16"),
        ("all", "met-2", "0.0", "0/0"),
    ]


def test_one_pad_alone_needs_no_table() -> None:
    """It would repeat the one above."""
    assert not list(pad_rows([_result(Channel.FAX_FINE, met_1=Score(slips=4))]))
