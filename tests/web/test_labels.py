"""What the buttons are called."""

import re

import pytest

from web.live_services import TEMPLATES

BUTTON = re.compile(r"<button\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>(.*?)</button>", re.DOTALL)
NOT_SHOWN = re.compile(r"<kbd>.*?</kbd>|<[^>]*>|\{%.*?%\}", re.DOTALL)
VERB = re.compile(
    r"(?:Accept|Acknowledge|Add|Ask|Assign|Back up|Book|Cancel|Change|Close|Compare|Confirm|Continue|Create|"
    r"Disable|Discard|Do|End|Enter|Hold|Keep|Lift|Log|Make|Mark|Merge|Plan|Postpone|Print|Purge|Read|Remove|Reject|Release|Reset|Reopen|Return|Revoke|Save|Search|Send|Set|Sign|Skip|Stay|Unassign|Undo)\b"
)


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_a_button_begins_with_the_verb_of_what_it_does(template: str) -> None:
    """One verb for one act: who knows one page knows the next. Labels that are data, such as a code, are no matter."""
    text = (TEMPLATES / template).read_text("utf-8")
    labels = [NOT_SHOWN.sub(" ", match[1]).strip() for match in BUTTON.finditer(text)]
    fixed = [label for label in labels if label and not label.startswith("{{")]
    assert [label for label in fixed if not VERB.match(label)] == []


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_a_wide_table_can_be_scrolled_without_a_mouse(template: str) -> None:
    """It scrolls in a window that is narrow or zoomed, which a look at one width does not show."""
    boxes = re.findall(r'<div class="scroll"[^>]*>', (TEMPLATES / template).read_text("utf-8"))
    assert [box for box in boxes if 'tabindex="0" role="region" aria-label' not in box] == []


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_a_field_that_wants_a_form_says_which(template: str) -> None:
    """A browser shows the title of a field whose pattern is missed; without one it says "requested format"."""
    fields = re.findall(r"<input[^>]* pattern=[^>]*>", (TEMPLATES / template).read_text("utf-8"))
    assert [field for field in fields if " title=" not in field] == []
