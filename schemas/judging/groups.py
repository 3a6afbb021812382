"""What is in doubt about groups of boxes: none checked, more than one, or one that speaks against the referral."""

from collections.abc import Iterator

from schemas.judging.case import Case, doubt
from schemas.pad import BoxGroup
from schemas.reading import Finding
from schemas.reasons import FindingCode as Code


def judge_groups(case: Case) -> Iterator[Finding]:
    """The doubts about each group that the design describes."""
    for group in case.design.groups:
        yield from _judge_group(case, group)


def _judge_group(case: Case, group: BoxGroup) -> Iterator[Finding]:
    boxes = [box.name for box in case.design.checkboxes if box.group == group.name]
    ticked = case.ticked(group.name)
    if group.needed and not ticked:
        yield doubt(Code.FIELD_MISSING, boxes[0], f'Nothing is checked for "{group.label}".')
    if group.choose == "one" and len(ticked) > 1:
        labels = " and ".join(f'"{box.label}"' for box in case.design.checkboxes if box.name in ticked)
        for name in ticked:
            yield doubt(Code.CHOICES_CONFLICT, name, f'For "{group.label}" {labels} are checked, and one is asked for.')
    for block in group.blocks_when:
        if block.box in ticked:
            yield doubt(Code.ANSWER_BLOCKS, None, block.sentence)
