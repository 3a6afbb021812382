"""What the lines of a patient label say: whose it is, the date of birth and the telephone, and nobody else's.

Labels are worded by each office's program. What stands behind a word that names it is taken; a name, date or telephone
without such a word only if there is one that it can be. Chart numbers, accounts and addresses are passed over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schemas.dates import parse_date
from schemas.judging.dates import AGE_MOST, age_on
from schemas.names.salutation import DOCTORS, GENERATIONS, OTHERS, given_first
from schemas.names.spelling import spelling_of
from schemas.phones import parse_phone

PATIENT_NAME, BIRTH_DATE, PATIENT_PHONE = "patient_name", "birth_date", "patient_phone"
FIELDS = (PATIENT_NAME, BIRTH_DATE, PATIENT_PHONE)

_NAME_WORD = re.compile(
    r"^\W*(?:patient(?:'s)?(?: name)?|pt\.?(?: name)?|name|nombre|paciente)(?:\s*[:;#.]\s*|\s+|$)", re.IGNORECASE
)
# Whoever else may stand on a label, and what is no person.
_OTHERS = re.compile(
    r"\b(?:dr|md|m\.d|d\.o|do|dpm|np|pa-?c|rn|prov(?:ider)?|order(?:ing|ed)?|attend(?:ing)?|att|phys(?:ician)?|pcp|"
    r"ref(?:erring|erred)?|resp(?:onsible)?|guar(?:antor)?|insur\w*|ins|subscriber|policy|holder|emerg\w*|contact|"
    r"spouse|parent|mother|father|guardian|next of kin|nok|surgeon|resident|consult\w*|therapist|medico|m[eé]dico|"
    r"clinic\w*|cl[ií]nica|hospital\w*|medical|medicine|center|center|ortho\w*|associates|family|health\w*|group|"
    r"practice|dept|department|unit|ward|floor|llc|inc|pllc|p\.c|medicare|medicaid|aetna|cigna|blue|ppo|hmo|self pay|"
    r"allerg\w*|nkda|english|spanish|white|black|hispanic|married|single|street|avenue|city|male|female|printed|visit|"
    r"admit\w*|acct|account|mrn?|chart|tel|telephone|phone|fax|cell|home|work|mobile|dob|birth\w*|sex|gender|age|"
    r"address|lab\w*|specimen|room|bed|location|loc|date|time|language|religion|race|st|ave|rd|apt|blvd)\b\.?",
    re.IGNORECASE,
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|"
    "RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_STATE_BEHIND = re.compile(rf"[,.]\s*(?:{_STATES})$")  # "Springfield, IL" is no name
_WORD = r"[^\W\d_](?:[^\W\d_]|['\u2019.-])*"
_LAST_FIRST = re.compile(
    rf"{_WORD}(?: {_WORD}){{0,3}}, ?{_WORD}(?: {_WORD}){{0,3}}(?:, ?(?:jr|sr|ii|iii|iv)\.?)?", re.I
)
_FIRST_LAST = re.compile(rf"{_WORD}(?: {_WORD}){{1,4}}")
_SEX_BEHIND = re.compile(r"\s+(?:\(?[fm]\)?|female|male)\s*$", re.IGNORECASE)
_INITIAL_BEHIND = re.compile(r"\s[FM]\.?$")
_SEX = re.compile(r"\b(?:sex|gender|male|female|[FM])\b|\d\s?Y?[FM]\b", re.IGNORECASE)
_SPOILED_COMMA = re.compile(r"(?!st\.)[^\W\d_]{2,}[.;:]", re.IGNORECASE)  # "Doe. Jane" on a coarse fax
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss)\.?\s+", re.IGNORECASE)
_WHERE = re.compile(
    r"(?<![,:])\s{2,}|\s*[|\u2022]\s*|\s+(?=(?:dob|d\.o\.b|birth|sex|mrn?|mr#|acct|age|ph|tel)\b)", re.IGNORECASE
)

_BIRTH_WORD = re.compile(
    r"(?:\bd\.?\s?[o0]\.?\s?[b8](?:\.|\b)|\bdate of birth|\bbirth\s?-?date|\bbirth(?:day)?\b|\bborn\b|\bb\.?d\.|"
    r"\bbdate\b|\bnacimiento|\bf\.?\s?nac\b\.?|\bfecha de nac\w*\.?)\s*[:#.]?\s*",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"(?<![\d/-])(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|"
    rf"\d{{1,2}}[ -]{_MONTH}\.?[ -]\d{{4}}|{_MONTH}\.? \d{{1,2}},? \d{{4}})(?![\d/-])",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[ -]({_MONTH})\.?[ -](\d{{4}})", re.IGNORECASE)
_AGE = re.compile(r"\b(\d{1,3})\s?(?:yrs?|yo|y/o|years?|y)\s?[mf]?\b", re.IGNORECASE)
# A label may be a day old or a year: the age on it is that of the day on which it was printed.
AGE_OFF_MOST = 1

_PHONE = re.compile(r"(?<![\d#])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-]\s?)\d{3}[ .-]\s?\d{4}(?!\d)")
_PHONE_WORD = re.compile(
    r"(?:\bph(?:one)?|\btel(?:ephone|[eé]fono)?|\bhome(?: ph(?:one)?)?|\bcell(?:ular)?|\bmob(?:ile)?|\bh|\bc|\bm|"
    r"\bp|\bt)\.?\s*[:#]?\s*$",
    re.IGNORECASE,
)
_NOT_PATIENTS = re.compile(r"\b(?:fax|f|work|w|office|clinic|emerg\w*|contact|dr|prov\w*|pcp|pharm\w*|ins\w*)\b", re.I)


# A line with so many digits tells a number, a date or a place: the patient's name stands above it, others may below.
DIGITS_LEAST = 4


@dataclass(frozen=True)
class Said:
    """What a label says for a field, as records hold it; `certain` is whether it can be nothing else on the label.

    `line` is the line on which it stands, -1 in a barcode, and `written` the part of it.
    """

    value: str
    certain: bool
    line: int
    written: str = ""


def said_by(lines: Sequence[str], received_on: date, phone_region: str) -> dict[str, tuple[Said, ...]]:
    """What the lines say for each of FIELDS, the likeliest first; a field that they do not tell is absent."""
    found = {
        PATIENT_NAME: _names(lines),
        BIRTH_DATE: _births(lines, received_on),
        PATIENT_PHONE: _phones(lines, phone_region),
    }
    return {name: said for name, said in found.items() if said}


def said_by_barcode(text: str, received_on: date) -> dict[str, tuple[Said, ...]]:
    """The same of a barcode that holds a name as messages between programs have it (DOE^JANE^Q) and a date of birth.

    A barcode with one of them alone may be anybody's, and a number is none of the fields.
    """
    parts = [part.strip() for part in re.split(r"[|;\n\r\t~]|\x1d", text) if part.strip()]
    names = [part for part in parts if "^" in part and not re.search(r"\d", part)]
    days = [day for part in parts if (day := _plain_day(part, received_on))]
    if len(names) != 1 or len(days) != 1:
        return {}
    surname, _, given = names[0].partition("^")
    name = _told(f"{surname}, {given.replace('^', ' ').strip()}")
    return {
        PATIENT_NAME: (Said(name, certain=True, line=-1),),
        BIRTH_DATE: (Said(days[0].isoformat(), certain=True, line=-1),),
    }


def _plain_day(part: str, received_on: date) -> date | None:
    digits = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", part)
    return _birth("-".join(digits.groups()), received_on) if digits else None


def _names(lines: Sequence[str]) -> tuple[Said, ...]:
    """Names that may be the patient's: one behind a word for it counts alone."""
    named: list[Said] = []
    bare: list[Said] = []
    for number, line in enumerate(lines):
        behind = _NAME_WORD.match(line)
        rest = line[behind.end() :] if behind else line
        if behind and not rest.strip() and number + 1 < len(lines):
            number, rest = number + 1, lines[number + 1]
        told_elsewhere = any(_SEX.search(other) for at, other in enumerate(lines) if at != number)
        name = _name_in(rest, has_sex=told_elsewhere)
        if name and behind:
            named.append(Said(*name, number, lines[number]))
        elif name and not (number and _heads(lines[number - 1])):
            is_first = not any(len(re.findall(r"\d", other)) >= DIGITS_LEAST for other in lines[:number])
            bare.append(Said(name[0], name[1] and is_first, number, lines[number]))
    return _one_or_doubt(named or bare)


def _heads(line: str) -> bool:
    """Whether a line says no more than what the next one is: "Ordering provider:"."""
    return line.rstrip().endswith(":") or (not re.search(r"\d", line) and not re.search(r"\w", _OTHERS.sub("", line)))


def _name_in(text: str, *, has_sex: bool) -> tuple[str, bool] | None:
    """The name that a line begins with, given name first, and whether it is certain where it ends.

    An F or M behind it is an initial on a label that tells the sex elsewhere (`has_sex`), and on others may be either.
    """
    first = _WHERE.split(text.strip(), maxsplit=1)[0].strip(" :;,")
    digits = re.search(r"\S*\d", first)
    before = first[: digits.start()].rstrip(" (,") if digits else first
    initial = _INITIAL_BEHIND.search(before) is not None
    shorn = before if initial and not digits else _SEX_BEHIND.sub("", before)
    ends_clear = (has_sex or before.endswith(".")) if initial and not digits else shorn == before or "(" in before
    shorn = _TITLES.sub("", shorn.strip(" ,"))
    if _OTHERS.search(shorn) or not (_LAST_FIRST.fullmatch(shorn) or _FIRST_LAST.fullmatch(shorn)):
        return None
    words = [word.strip(".,").casefold() for word in shorn.split()]
    ended = [word[:-1].casefold() for word in shorn.split() if _SPOILED_COMMA.fullmatch(word)]
    is_spoiled = any(word not in GENERATIONS for word in ended)
    is_place = _STATE_BEHIND.search(shorn) is not None
    has_degree = any(word in DOCTORS or word in OTHERS for word in words[1:] if len(word) > 1) and len(words) > 2
    if is_place or has_degree or sum(len(word) > 1 for word in words) < 2:
        return None
    return _told(shorn), ends_clear and not is_spoiled


def _told(name: str) -> str:
    """The name as it is spoken, with capitals as names have them: "DOE, JANE Q" is "Jane Q Doe"."""
    last, comma, first = name.partition(",")
    generation = next((word for word in last.split()[1:] if word.strip(".").casefold() in GENERATIONS), "")
    if comma and generation:
        name = f"{' '.join(word for word in last.split() if word != generation)}, {first.strip()}"
    spoken = re.sub(r",\s*", " ", given_first(re.sub(r"\s+", " ", name)))
    spoken = f"{spoken} {generation}" if comma and generation else spoken
    if any(letter.islower() for letter in spoken):
        return spoken
    return _initials(spelling_of(spoken.casefold()) or spoken)


def _initials(name: str) -> str:
    return " ".join(word.upper() if len(word.strip(".")) == 1 else word for word in name.split())


def _births(lines: Sequence[str], received_on: date) -> tuple[Said, ...]:
    """Dates behind a word for it; else the only one, if the age beside it says the same."""
    named: list[Said] = []
    bare: list[Said] = []
    for number, line in enumerate(lines):
        for found in _DATE.finditer(line):
            born = _birth(found[0], received_on)
            if born is None:
                continue
            words = list(_BIRTH_WORD.finditer(line, 0, found.start()))
            before = line[: found.start()]
            is_named = bool(words) and not _DATE.search(line, words[-1].end(), found.start())
            is_named |= (
                not before.strip() and number > 0 and _BIRTH_WORD.fullmatch(lines[number - 1].strip()) is not None
            )
            said = Said(born.isoformat(), certain=is_named or _is_of_age(born, line, received_on), line=number)
            (named if is_named else bare).append(replace(said, written=found[0]))
    return _one_or_doubt(named or bare)


def _one_or_doubt(found: Sequence[Said]) -> tuple[Said, ...]:
    """Each value once; where there are several, none is certain."""
    once = {said.value: said for said in reversed(found)}
    kept = list(once.values())[::-1]
    return tuple(kept) if len(kept) == 1 else tuple(replace(said, certain=False) for said in kept)


def _birth(written: str, received_on: date) -> date | None:
    day_first = _DAY_FIRST.fullmatch(written.strip())
    text = f"{day_first[2]} {day_first[1]}, {day_first[3]}" if day_first else written
    on = parse_date(text, received_on, "birth").on
    return on if on and 0 <= age_on(on, received_on) <= AGE_MOST else None


def _is_of_age(born: date, line: str, received_on: date) -> bool:
    told = _AGE.search(line)
    return told is not None and 0 <= age_on(born, received_on) - int(told[1]) + AGE_OFF_MOST <= 2 * AGE_OFF_MOST


def _phones(lines: Sequence[str], region: str) -> tuple[Said, ...]:
    """Telephones behind a word for one; else the only one, on a label that names nobody else who may be called."""
    named: list[Said] = []
    bare: list[Said] = []
    for number, before, written, value in _numbers(lines, region):
        is_named = _PHONE_WORD.search(before)
        around = before[: is_named.start()] if is_named else before
        if _NOT_PATIENTS.search(around):
            continue
        alone = is_named is not None or _OTHERS.search(lines[number]) is None
        (named if is_named else bare).append(Said(value, certain=alone, line=number, written=written))
    return _one_or_doubt(named or bare)


def _numbers(lines: Sequence[str], region: str) -> Iterator[tuple[int, str, str, str]]:
    """Each telephone number with its line, what stands before it there, and how it is written."""
    for number, line in enumerate(lines):
        start = 0
        for found in _PHONE.finditer(line):
            if value := parse_phone(found[0].replace("\u2014", "-"), region).e164:
                yield number, line[start : found.start()], found[0], value
            start = found.end()
