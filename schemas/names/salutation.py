"""How a letter addresses whoever signed a slip: "Dear Dr. Kowalczyk" for "S. Kowalczyk, DC"."""

import re
from dataclasses import dataclass

UNNAMED = "colleagues"


def _known(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Degrees whose holders are addressed as doctors, and other credentials that stand behind a name, without their dots.
# What is missing here is known by its capitals behind a comma.
DOCTORS = _known(
    "md do dc dpm dpt phd dnp dds dmd od nd aud psyd pharmd edd otd drot dsc scd mbbs mbchb bmbs dmsc drph dat"
)
OTHERS = _known(
    "pa pac np npc rn pt mpt mspt ot otr otrl ms ma ba bs msc mph msn bsn mba mha med mes lac lmt atc lat fnp fnpc "
    "fnpbc aprn arnp crnp cnp cnm cns anp agnp agnpc agacnp pnp whnp crna lcsw lpc rd rdn cscs ocs scs gcs ncs cde "
    "cdces ches facs faaos facp faap faafp facog facc faapmr fapta faaompt facr faan dabpmr dacbr ccsp cmpt cpc esq "
    "pta lpta cota cht slp cccslp lmhc cmt rkt mes cmes cep rcep ces lpn lvn cma dacm facsm caqsm caq rmsk frcs frcsc"
)
CREDENTIALS = DOCTORS | OTHERS
TITLES = {"dr": "Dr.", "doctor": "Dr.", "prof": "Professor", "professor": "Professor"}
TITLES |= {"mr": "Mr.", "mrs": "Mrs.", "ms": "Ms.", "miss": "Miss"}
GENERATIONS = frozenset(["jr", "sr", "ii", "iii", "iv"])
# What belongs to the surname behind it ("de la Cruz", "van der Berg", "St. Clair").
PARTICLES = _known(
    "de del della di da do dos das du d la las le les lo los van von vander vanden der den dem ter ten te zu zum af av "
    "al el bin ibn ben abu st saint san santa mac mc fitz ap y e"
)
# Those that people write small within a name.
SMALL_PARTICLES = PARTICLES - _known("st saint san santa mac mc fitz")
SEVERAL = re.compile(r"[/&+]|\band\b|\bdrs\b", re.IGNORECASE)


@dataclass(frozen=True)
class PersonName:
    """A name in its parts, each as it was written; what is not there is empty. `title` is as letters write it."""

    title: str
    given: str
    surname: str
    credentials: str

    @property
    def is_doctor(self) -> bool:
        """By the title, or by any of the degrees."""
        return self.title == "Dr." or any(bare_word(word) in DOCTORS for word in re.split(r"[\s,]+", self.credentials))


def salutation(name: str) -> str:
    """Whom a letter greets behind its "Dear": a doctor by the surname, others by their whole name."""
    if SEVERAL.search(name):
        return name
    person = name_parts(name)
    if not person.surname:
        return name.strip() or UNNAMED
    if person.title and person.title != "Dr.":
        return f"{person.title} {person.surname}"
    return f"Dr. {person.surname}" if person.is_doctor else f"{person.given} {person.surname}".strip()


def name_parts(name: str) -> PersonName:
    """The parts of a name, written in either order: "Kim, Susan, DPT" and "Susan Kim DPT" are the same."""
    before, credentials = without_credentials(name)
    last, comma, first = (part.strip() for part in before.partition(","))
    words = [word for word in (f"{first} {last}" if comma else before).split() if bare_word(word) not in GENERATIONS]
    title = ""
    while len(words) > 1 and bare_word(words[0]) in TITLES:
        title = title or TITLES[bare_word(words.pop(0))]
    at = len(first.split()) if comma else _surname_at(words)
    return PersonName(title, " ".join(words[:at]), " ".join(words[at:]), credentials)


def without_credentials(name: str) -> tuple[str, str]:
    """A name and the credentials behind it: "S. Kowalczyk, DC" is "S. Kowalczyk" and "DC"; "" when there are none."""
    words = re.findall(r"[^\s,]+,?", name)
    at = len(words)
    while at > 1 and _is_credential(words, at - 1):
        at -= 1
    kept, credentials = " ".join(words[:at]).rstrip(", "), " ".join(words[at:]).rstrip(", ")
    if not credentials and " " in kept.partition(",")[0] and not _begins_with_particle(kept):
        kept, _, credentials = (part.strip() for part in kept.partition(","))  # "Pat Moss, office manager"
    return kept, credentials


def given_first(name: str) -> str:
    """The name as it is spoken: "Kim, Susan, DPT" is "Susan Kim, DPT"; any other is left as it stands."""
    before, credentials = without_credentials(name)
    last, first, *behind = (*(part.strip() for part in before.split(",")), "")
    if not last or not first or all(bare_word(word) in GENERATIONS for word in first.split()):
        return name
    return with_credentials(" ".join([first, last, *filter(None, behind)]), credentials)


def with_credentials(name: str, credentials: str) -> str:
    """The name as letters write it: "S. Kowalczyk, DC"."""
    return f"{name}, {credentials}" if credentials else name


def _is_credential(words: list[str], at: int) -> bool:
    """Whether the word is one. Two letters are names, too ("Do", "Ma"): those count in capitals, behind two words."""
    word, bare = words[at], bare_word(words[at])
    if bare not in DOCTORS and bare not in OTHERS:
        return bool(re.fullmatch(r"[A-Z][A-Z.-]+,?", word)) and words[at - 1].endswith(",") and at > 1
    behind_comma = words[at - 1].endswith(",") and bare_word(words[at - 1]) not in GENERATIONS
    if len(bare) > 2 or behind_comma:
        return True
    name = " ".join(words[:at])
    return at > 1 and (word.rstrip(",").isupper() or name.islower())


def _surname_at(words: list[str]) -> int:
    """Where the surname begins; with full words before it, which may be a part of it ("Garcia Lopez"), at the first."""
    at = len(words) - 1
    while at > 0 and bare_word(words[at - 1]) in PARTICLES:
        at -= 1
    given = words[:at]
    is_clear = len(given) < 2 or all(len(bare_word(word)) == 1 for word in given[1:])
    return max(at, 0) if is_clear else 0


def _begins_with_particle(name: str) -> bool:
    return bare_word(name.split()[0]) in PARTICLES


def bare_word(word: str) -> str:
    """The letters alone, small: "d.p.t.," is "dpt"."""
    return re.sub(r"[\W\d_]", "", word.casefold())
