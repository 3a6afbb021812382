"""Letters: one page each, with everything on it, and nothing from anywhere else."""

import re
import struct
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy
import pikepdf
import pytest
from PIL import Image

from followup.ethics import EthicsError
from followup.letter_pdf import LetterTooLongError, NoGlyphError, Press, preview_png
from followup.letters import LetterWriter, TemplateBrokenError, text_of
from pads.catalog import find, load_all
from pads.typeface import FOLDER as FONTS
from refpad.services.letters.samples import sample, sample_missing
from schemas.answers import ToldAnswer
from schemas.followup import LetterKind
from schemas.letter import (
    AssessmentSummary,
    DischargeSummary,
    HowToRefer,
    KeepInTouch,
    Letter,
    MissingInformation,
    PadCover,
    PadRange,
    ProgressReport,
    Recipient,
    ThankYou,
)
from schemas.office import MonthCount, OfficeActivity
from schemas.pad import Checkbox
from schemas.referral import text_limit
from schemas.studio import Studio
from tests.days import other_dates

STUDIO = Studio()


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(STUDIO, FONTS)


def thank_you(**changes: object) -> ThankYou:
    letter = sample(LetterKind.THANK_YOU, STUDIO)
    assert isinstance(letter, ThankYou)
    return letter.model_copy(update={"referral": letter.referral.model_copy(update=changes)})


def progress(improvements: str) -> ProgressReport:
    letter = sample(LetterKind.PROGRESS_REPORT, STUDIO)
    assert isinstance(letter, ProgressReport)
    return letter.model_copy(update={"progress": letter.progress.model_copy(update={"improvements": improvements})})


def fonts_of(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return {str(font.BaseFont) for font in document.pages[0].Resources.Font.as_dict().values()}


@pytest.mark.parametrize("kind", LetterKind)
def test_each_letter_is_one_page_in_the_pads_typeface(kind: LetterKind, press: Press) -> None:
    """Embedded, so that a print shop and a fax server draw what we saw."""
    pdf = press.pdf(sample(kind, STUDIO))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        assert [float(each) for each in document.pages[0].MediaBox] == [0, 0, 612, 792]
    assert {name.partition("+")[2] for name in fonts_of(pdf)} <= {"Libre-Franklin-Medium", "Libre-Franklin-Bold"}
    assert len(fonts_of(pdf)) == 2


def test_a_studio_with_the_longest_name_has_as_much_room_on_its_letters() -> None:
    """Its own name must not push a report off its one page."""
    name = ("Northwestern Lakeside Medical Exercise " * 2)[:60].strip()
    studio = Studio(name=name, email="front.desk@lakeside-medical.example")
    letter = sample(LetterKind.PROGRESS_REPORT, studio)
    assert name in text_of(LetterWriter(studio).html(letter))
    Press(studio, FONTS).pdf(letter)


def test_no_line_of_a_long_name_runs_below_the_logo(tmp_path: Path) -> None:
    """Two lines of 59 characters: the second one began at the paper's edge, under the logo beside which it belongs."""
    logo = tmp_path / "logo.png"
    Image.new("RGB", (300, 300), (255, 0, 0)).save(logo)
    studio = Studio(name="Northwestern Lakeside Medical Exercise and Movement Studio", logo=logo)
    page = Image.open(BytesIO(preview_png(Press(studio, FONTS).pdf(sample(LetterKind.THANK_YOU, STUDIO))))).convert(
        "RGB"
    )
    red, green, blue = (numpy.asarray(band, int) for band in page.crop((0, 0, page.width // 2, 120)).split())
    rows, columns = (red > green + 100).nonzero()
    name = ((red < 120) & (blue > red + 40))[: rows.max()]  # in the studio's color; its rule is below the logo
    written = name.any(axis=1).astype(int)
    assert (numpy.diff(written) == 1).sum() == 2
    assert name.nonzero()[1].min() > columns.max()


@pytest.mark.parametrize("kind", LetterKind)
def test_each_letter_says_who_writes_to_whom(kind: LetterKind) -> None:
    """Letterhead, addressee, day and reference."""
    letter = sample(kind, STUDIO)
    said = text_of(LetterWriter(STUDIO).html(letter))
    for each in (STUDIO.name, STUDIO.phone, letter.to.office, letter.reference, "2026"):
        assert each in said


ABOUT_PATIENTS = [kind for kind in LetterKind if hasattr(sample(kind, STUDIO), "referral")]


@pytest.mark.parametrize("kind", ABOUT_PATIENTS)
def test_a_letter_that_names_a_patient_says_what_else_they_are_known_by(kind: LetterKind) -> None:
    """Two patients of one office may have the same name, and the report of one must not be filed with the other."""
    letter = sample(kind, STUDIO)
    assert not isinstance(letter, MissingInformation | KeepInTouch | HowToRefer | PadCover)
    born = letter.model_copy(update={"referral": letter.referral.model_copy(update={"birth_date": date(1958, 7, 4)})})
    writer = LetterWriter(STUDIO)
    assert re.search(r"Ada Quill[^\n;]* tel\. \(212\) 555-0142\n", text_of(writer.html(letter)))
    assert re.search(r"Ada Quill[^\n]* born Jul 4, 1958; tel\. \(212\) 555-0142\n", text_of(writer.html(born)))


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_writes_days_in_one_way(kind: LetterKind) -> None:
    """As the pages do: whoever sees 03/04 beside Apr 3 has to think about each."""
    said = text_of(LetterWriter(STUDIO).html(sample(kind, STUDIO)))
    assert other_dates(said) == []


def test_the_report_of_offices_writes_them_so_too() -> None:
    """Its months as well."""
    months = tuple(MonthCount(month=f"2026-{number:02d}", referrals=number) for number in range(1, 13))
    counts = {"providers": 1, "referrals": 1, "days_quiet": 1, "slips_given": 0, "slips_left": 0, "pads_low": False}
    days = {"first_referral_on": None, "last_referral_on": date(2026, 3, 3)}
    medians = {"days_to_contact": 1.0, "days_to_thanks": 0.0}
    office = OfficeActivity.model_validate(
        {"office_id": "a", "office_name": "A", "contact": "", "by_month": months, "quiet": False}
        | {**counts, **days, **medians}
    )
    said = text_of(LetterWriter(STUDIO).activity_html([office], date(2026, 3, 4)))
    assert "Jan 2026 to Dec 2026" in said
    assert "Mar 3, 2026" in said
    assert other_dates(said) == []


def test_a_report_has_the_headings_of_the_field() -> None:
    """Initial findings, exercise plan, goals, notable improvements; function, strength and the others as found."""
    said = text_of(LetterWriter(STUDIO).html(sample(LetterKind.PROGRESS_REPORT, STUDIO)))
    for each in ("Initial findings", "Exercise plan", "Goals", "Notable improvements", "Function", "Strength"):
        assert each in said
    assert "Precautions you gave: no kneeling, no impact" in said
    assert "108 degrees on Apr 2" in said


def lines_over(press: Press, letter: Letter) -> int:
    """By how many lines a letter is longer than its page."""
    try:
        press.pdf(letter)
    except LetterTooLongError as error:
        return error.lines
    return 0


@pytest.fixture(scope="module")
def room(press: Press) -> int:
    """How many lines of exercises still fit."""
    return next(n for n in range(4, 40) if lines_over(press, _of_lines(n + 1)) > 0)


@pytest.mark.parametrize("lines", [1, 7])
def test_a_longer_letter_is_refused_with_the_number_of_lines_to_leave_out(lines: int, press: Press, room: int) -> None:
    """Added to the longest letter that still fits."""
    assert lines_over(press, _of_lines(room)) == 0
    with pytest.raises(LetterTooLongError) as raised:
        press.pdf(_of_lines(room + lines))
    assert abs(raised.value.lines - lines) <= 1  # the letter's last line is not as high as its text's
    assert "one page" in str(raised.value)


def _of_lines(lines: int) -> AssessmentSummary:
    """A letter with so many lines of exercises."""
    letter = sample(LetterKind.ASSESSMENT_SUMMARY, STUDIO)
    assert isinstance(letter, AssessmentSummary)
    plan = letter.assessment.plan.model_copy(update={"exercises": tuple(f"exercise {n}" for n in range(lines))})
    return letter.model_copy(update={"assessment": letter.assessment.model_copy(update={"plan": plan})})


def test_a_letter_of_many_pages_is_refused_without_a_count_of_its_lines(press: Press) -> None:
    """Nobody counts the lines of a book."""
    with pytest.raises(LetterTooLongError, match="more than a page"):
        press.pdf(_of_lines(120))


def test_the_thanks_for_the_longest_slip_are_one_page_in_smaller_print(press: Press) -> None:
    """They were refused as 11 lines too long, for good: nobody can say shorter what a doctor wrote."""
    words = "climb two flights of stairs with groceries, holding the rail, and walk to the shop; " * 12
    letter = thank_you(**{name: words[: text_limit(name)].strip() for name in ("diagnosis", "goals", "precautions")})
    pdf = press.pdf(letter.model_copy(update={"conditions": (f"Other: {words[:200]}",)}))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        assert [float(each) for each in document.pages[0].MediaBox] == pytest.approx([0, 0, 612, 792])


def test_no_word_runs_off_the_page(press: Press) -> None:
    """Codes joined by slashes were cut at the paper's edge: what stood behind was lost, and nothing said so."""
    codes = "/".join(f"M{number}.11" for number in range(10, 90))
    pdf = press.pdf(thank_you(patient_name="Wolfeschlegelsteinhausenbergerdorff" * 3, diagnosis=codes))
    assert ink_right_of_the_margin(pdf) == 0


def ink_right_of_the_margin(pdf: bytes) -> int:
    """How many dark pixels lie in the right margin, of 54 pt at 80 dpi."""
    page = numpy.asarray(Image.open(BytesIO(preview_png(pdf))).convert("L"))
    return int((page[:, -round(54 / 72 * 80) + 1 :] < 160).sum())


def test_a_character_that_no_font_shows_stops_the_letter_and_stands_in_no_log(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    """A box in the place of a name went out unnoticed, while the log told the name, a character a line."""
    with caplog.at_level("DEBUG"), pytest.raises(NoGlyphError, match=r"1 character of the letter \(U\+1234A\)"):
        press.pdf(thank_you(patient_name="Ada \U0001234a Quill"))
    assert "\U0001234a" not in caplog.text
    assert "1234A" not in caplog.text


@pytest.mark.parametrize("name", ["Ann Cash", "Gift Okafor-Perks", "Rewa Rewards"])
def test_what_a_letter_only_quotes_is_no_offer(name: str, press: Press) -> None:
    """Nobody could have said it in other words: who is called Cash got no letters, and no page led out of that."""
    studio = Studio(name="Rewarding Movement", address="9 Money Lane, Anytown, NY")
    for kind in LetterKind:
        letter = sample(kind, studio)
        to = Recipient(person=f"Dr. {name}", office="Prize Orthopedics", address="1 Gift Street, Anytown, NY")
        told: dict[str, object] = {"to": to}
        if isinstance(letter, ThankYou):
            told |= {"conditions": ("Other: cash register work",), "answers": (ToldAnswer("Goal", "win a prize"),)}
        if referral := getattr(letter, "referral", None):
            said = {"patient_name": name, "goals": "$5 walks", "other_condition": "cash register work"}
            told["referral"] = referral.model_copy(update=said | {"answers": {"aim": "win a prize"}})
        assert "Prize Orthopedics" in LetterWriter(studio).html(letter.model_copy(update=told))


def test_a_box_of_the_studio_s_own_pad_may_not_offer_anything(press: Press) -> None:
    """The pad is the studio's word, not the doctor's who checked it."""
    with pytest.raises(EthicsError, match="Free session"):
        press.pdf(thank_you().model_copy(update={"services": ("Free session: twice",)}))


def test_an_offer_in_any_field_is_refused_before_anything_is_made(press: Press) -> None:
    """Also where the specialist types, and in a template of the studio's own."""
    with pytest.raises(EthicsError, match="gift card"):
        press.pdf(progress("Walks well. Bring this letter and get a gift card."))


def test_what_strangers_wrote_is_text_and_nothing_else(press: Press) -> None:
    """A slip is read from paper that anybody can send: its letters are letters, on the page and in the PDF."""
    hostile = "<script>1</script><img src='file:///etc/passwd'>{{ 7*7 }}"
    said = LetterWriter(STUDIO).html(thank_you(diagnosis=hostile))
    assert hostile in text_of(said)
    assert "<script>" not in said
    press.pdf(thank_you(diagnosis=hostile))


def test_a_doctor_is_greeted_as_one_and_an_office_without_a_name_as_colleagues() -> None:
    """The credentials stand in the address, where they belong, and not in the greeting."""
    for name, greeted in (("S. Kowalczyk, DC", "Dr. Kowalczyk"), ("Jane Roe PA-C", "Jane Roe"), ("", "colleagues")):
        to = Recipient(person=name, office="Lakeside Family Practice", address="7 Lake Road")
        letter = sample(LetterKind.THANK_YOU, STUDIO).model_copy(update={"to": to})
        html = LetterWriter(Studio()).html(letter)
        assert f"Dear {greeted}," in html
        assert not name or f"<strong>{name}</strong>" in html


def test_the_letter_that_comes_with_pads_counts_all_of_them() -> None:
    """An office that was given two pads looks for the second when the letter names one."""
    one = PadRange(title="Medical exercise referral", first=1, last=100)
    pads = (one, PadRange(title="Post-operative referral", first=201, last=230))
    text = text_of(LetterWriter(STUDIO).html(sample(LetterKind.PAD_COVER, STUDIO).model_copy(update={"pads": pads})))
    assert "come your pads, 130 slips:" in text
    for part in ("Medical exercise referral", "no. 1 to 100", "Post-operative referral", "no. 201 to 230"):
        assert part in text


def test_an_address_breaks_behind_its_commas_alone() -> None:
    """A house number on a line of its own is read as something else."""
    studio = STUDIO.model_copy(update={"address": "7 Lake Road, Anytown, NY"})
    said = LetterWriter(studio).html(thank_you())
    parts = [f'<span class="part">{part}</span>' for part in ("7 Lake Road,", "Anytown,", "NY")]
    assert " ".join(parts) in said


def test_names_from_everywhere_are_drawn(press: Press) -> None:
    """No empty boxes for a patient's name: letters without a shape in the typeface come from another font."""
    pdf = press.pdf(thank_you(patient_name="Zoë Núñez-Čapková"))
    assert len(fonts_of(pdf)) == 2
    assert len(fonts_of(press.pdf(thank_you(patient_name="Ольга Ким")))) > 2


def test_a_studio_replaces_a_template_and_keeps_the_rest(tmp_path: Path) -> None:
    """One file in a folder; the one-page rule and the ethics check hold for it as well."""
    (tmp_path / "keep_in_touch.html").write_text(
        '{% extends "base.html" %}{% block body %}<p>Hello {{ letter.to.person }}, we are here.</p>{% endblock %}'
    )
    own = LetterWriter(STUDIO, tmp_path)
    assert "Hello Pat Moss, we are here." in text_of(own.html(sample(LetterKind.KEEP_IN_TOUCH, STUDIO)))
    assert own.html(sample(LetterKind.PAD_COVER, STUDIO)) == LetterWriter(STUDIO).html(
        sample(LetterKind.PAD_COVER, STUDIO)
    )
    (tmp_path / "keep_in_touch.html").write_text("<p>We pay for each referral.</p>")
    with pytest.raises(EthicsError):
        own.html(sample(LetterKind.KEEP_IN_TOUCH, STUDIO))


@pytest.mark.parametrize("broken", ["{{ letter.nobody }}", "{% if %}", "{{ ''.__class__.__mro__ }}"])
def test_a_broken_template_is_named(broken: str, tmp_path: Path) -> None:
    """With the line, and the way back to refpad's own."""
    (tmp_path / "keep_in_touch.html").write_text(broken)
    with pytest.raises(TemplateBrokenError, match=r"keep_in_touch\.html.*remove it"):
        LetterWriter(STUDIO, tmp_path).html(sample(LetterKind.KEEP_IN_TOUCH, STUDIO))


def test_a_template_in_the_encoding_of_an_old_editor_is_named(tmp_path: Path) -> None:
    """An accent in Windows-1252 ended the sample with a library's own message."""
    (tmp_path / "keep_in_touch.html").write_bytes(b"<p>Chez Ren\xe9e</p>")
    with pytest.raises(TemplateBrokenError, match="UnicodeDecodeError"):
        LetterWriter(STUDIO, tmp_path).html(sample(LetterKind.KEEP_IN_TOUCH, STUDIO))


def test_a_report_of_another_year_says_the_years(press: Press) -> None:
    """Mar 9 beside Mar 9 was a year of training, and read as none."""
    letter = progress("Walks a mile.")
    later = letter.progress.model_copy(update={"on": date(2027, 3, 9)})
    trend = letter.trends[0]
    points = (trend.points[0], trend.points[0].model_copy(update={"on": date(2027, 3, 9), "value": 108.0}))
    told = {"progress": later, "trends": (trend.model_copy(update={"points": points}),)}
    said = text_of(LetterWriter(STUDIO).html(letter.model_copy(update=told)))
    assert "Mar 9, 2026\nMar 9, 2027" in said
    assert "94, Mar 2026" in said
    assert "108 degrees, Mar 2027" in said
    press.pdf(letter.model_copy(update=told))


def test_a_score_stands_as_it_was_entered() -> None:
    """12345 steps were "1.234e+04", and a walk of 372.25 m one of 372.2."""
    letter = progress("Walks a mile.")
    trend = letter.trends[0]
    points = tuple(trend.points[0].model_copy(update={"value": value}) for value in (12345, 372.25))
    said = text_of(
        LetterWriter(STUDIO).html(letter.model_copy(update={"trends": (trend.model_copy(update={"points": points}),)}))
    )
    assert "12345 on Mar 9" in said
    assert "372.25 degrees on Mar 9" in said


def test_one_session_is_one_session() -> None:
    """Who came once and never again had "1 sessions"."""
    letter = sample(LetterKind.DISCHARGE_SUMMARY, STUDIO)
    assert isinstance(letter, DischargeSummary)
    once = letter.discharge.model_copy(update={"sessions_attended": 1})
    said = text_of(LetterWriter(STUDIO).html(letter.model_copy(update={"discharge": once})))
    assert "; 1 session\n" in said


def test_a_template_reads_nothing_of_the_machine_and_calls_nobody(tmp_path: Path) -> None:
    """A picture from the web would tell its server which letter is being read, and a local one could be anything."""
    template = '<img src="{}"><p>Well.</p>'
    sizes = set()
    for source in ("https://tracker.example/pixel.png", f"file://{Path(__file__)}", "refpad:/../settings.py", ""):
        (tmp_path / "keep_in_touch.html").write_text(template.format(source))
        sizes.add(len(Press(STUDIO, FONTS, tmp_path).pdf(sample(LetterKind.KEEP_IN_TOUCH, STUDIO))))
    assert max(sizes) - min(sizes) < 100  # the picture is not in it


def test_the_missing_fields_are_ringed_where_they_lie() -> None:
    """In hundredths of the slip's picture: half way across the paper is half way across the page."""
    letter = sample(LetterKind.MISSING_INFORMATION, STUDIO)
    assert isinstance(letter, MissingInformation)
    html = LetterWriter(STUDIO).html(letter)
    assert html.count('class="ring"') == len(letter.fields) == 2
    phone = letter.fields[0].box_mm
    assert f"left: {100 * (phone.x - 1.2) / letter.width_mm:.2f}%" in html
    assert 'alt="1 Phone, 2 Signature"' in html  # the sheet below, on which each has its number


def test_a_slip_on_which_almost_everything_is_missing_still_fits(press: Press) -> None:
    """Eight fields at most are asked for; the slip's picture makes room for their lines."""
    pad = find(load_all(), "met")
    names = tuple(field.name for field in pad.fields if not isinstance(field, Checkbox))[:8]
    letter = sample(LetterKind.MISSING_INFORMATION, STUDIO)
    assert isinstance(letter, MissingInformation)
    all_missing = sample_missing(names, letter.picture_png, pad, STUDIO)
    assert len(all_missing.fields) == 8
    assert lines_over(press, all_missing) == 0


def test_a_visit_that_is_over_is_not_named() -> None:
    """The template asks for what is there."""
    letter = sample(LetterKind.ASSESSMENT_SUMMARY, STUDIO)
    assert isinstance(letter, AssessmentSummary)
    without = letter.model_copy(update={"next_visit_on": None, "report_by": None})
    said = text_of(LetterWriter(STUDIO).html(without))
    assert "before the visit" not in said
    assert "first progress report" not in said


def test_a_preview_is_a_picture_of_the_page(press: Press) -> None:
    """PNG, as high as letter paper for its width; for people who would rather look than read."""
    letter = sample(LetterKind.KEEP_IN_TOUCH, STUDIO)
    assert isinstance(letter, KeepInTouch)
    png = preview_png(press.pdf(letter.model_copy(update={"on": date(2026, 2, 28)})))
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert abs(height / width - 11 / 8.5) < 0.01


def test_the_press_leaves_pillow_as_it_was() -> None:
    """WeasyPrint switches on for the whole process that half a picture passes for a whole one."""
    told = "import followup.letter_pdf as press; from PIL import ImageFile; press._weasyprint()"
    argv = [sys.executable, "-c", f"{told}; print(ImageFile.LOAD_TRUNCATED_IMAGES)"]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "False\n"
