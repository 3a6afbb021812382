"""Make the language models and the list of diagnosis codes anew: `python scripts/language.py WORDNET_FOLDER`.

Needs the packages of the dependency group `language` and a folder with the files `data.noun`, `data.verb`,
`data.adj` and `data.adv` of WordNet 3.0 (Debian: package wordnet-base, /usr/share/wordnet). The same inputs make
the same files.
"""

import gzip
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import accumulate, chain
from pathlib import Path

from ocr.language.alphabet import fold
from ocr.language.ngrams import DATA
from ocr.language.train import counts, mix_counts, pack

SOURCES = Path(__file__).parents[1] / "ocr" / "language" / "sources"
CODES = Path(__file__).parents[1] / "schemas" / "codes" / "icd10cm.txt.gz"
CENSUS = ("dist.female.first", "dist.male.first", "dist.all.last")
SEED = 5
SEEN_LEAST = 2  # a word seen once may be a misprint
# How many characters an n-gram of each model has. Longer ones know more words; a name is whatever its bearer says.
ORDER = {"text": 8, "names": 6, "numbers": 6}
# How long the text is taken to be that each model has seen, in characters.
SIZE = {"text": 3_000_000, "names": 250_000, "numbers": 100_000}
LEAST = 2.0  # of a text so long, a context is seen; rarer ones are left to shorter ones
PHRASES, NAMES = 60_000, 60_000
# What a code says of how a patient was hurt, or poisoned, is on no referral; neither is which visit it was.
LEFT_OUT = ("V", "W", "X", "Y", "T")
CODE_MOST = 6  # characters without the point; the seventh tells the visit
# Shares of what is written in each kind of field.
MODELS = {
    "text": {"general": 0.35, "diagnoses": 0.16, "rehab": 0.27, "abbreviations": 0.14, "names": 0.08},
    "names": {"names": 0.9, "general": 0.1},
    "numbers": {"numbers": 0.85, "general": 0.1, "names": 0.05},
}
STOPPED, CUT_IN, JOINED = 0.35, 0.5, 0.25
# Names with an apostrophe are so many (some 1 in 100) that each is seen; double names are one in 14.
APOSTROPHE_MORE, DOUBLE_NAME = 0.03, 0.07


def general(folder: Path, rng: random.Random) -> Iterator[str]:
    """WordNet's definitions and examples as lines of handwriting cut them: begun in mid-sentence, or ended so."""
    sentences = [gloss for name in ("noun", "verb", "adj", "adv") for gloss in _glosses(folder / f"data.{name}")]
    rng.shuffle(sentences)
    for sentence, following in zip(sentences, [*sentences[1:], ""], strict=True):
        words = sentence.split()
        if rng.random() < CUT_IN:
            words = words[rng.randrange(len(words)) :]
        line = " ".join(words) + ("." if rng.random() < STOPPED else "")
        yield f"{line} {following}" if line.endswith(".") and rng.random() < JOINED else line


def _glosses(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="latin-1").splitlines():
        if not line.startswith(" ") and "|" in line:
            gloss = line.partition("|")[2]
            yield from (part for piece in gloss.split(";") if (part := piece.strip().strip('"').strip()))


def diagnoses(codes: list[tuple[str, str]]) -> Iterator[str]:
    """The descriptions of all codes that a referral may name."""
    yield from (
        text for code, text in codes if not code.startswith(LEFT_OUT) and len(code.replace(".", "")) <= CODE_MOST
    )


def phrases(name: str, rng: random.Random, *lists_of: str) -> Iterator[str]:
    """Phrases drawn from the patterns of a source, with its own lists and those of other ones."""
    sources = [tomllib.loads((SOURCES / source).read_text(encoding="utf-8")) for source in (*lists_of, name)]
    lists = {name: _weighted(entries) for source in sources for name, entries in source["lists"].items()}
    patterns = Drawer(list(sources[-1]["patterns"].items()))
    for _ in range(PHRASES):
        yield _drawn(patterns.draw(rng), lists, rng)


def people(rng: random.Random) -> Iterator[str]:
    """Names as they are written: "Ana Reyes", "Reyes, Ana L.", "Dr. Reyes", "A. O'Brien, DPT", "Ana Shaw-Reyes"."""
    first, last = _census(*CENSUS[:2]), _census(CENSUS[2])
    source = tomllib.loads((SOURCES / "names.toml").read_text(encoding="utf-8"))
    titles = _weighted(source["title"])
    with_sign = {name.replace("'", "").lower(): name for name in source["apostrophe"]}
    for _ in range(NAMES):
        given, family = first.draw(rng).title(), _family(last, with_sign, rng)
        form = rng.random()
        if form < 0.15:
            given = given[0] + "."
        elif form < 0.3:
            given += f" {rng.choice('ABCDEFGHJKLMPRSTW')}."
        if rng.random() < DOUBLE_NAME:
            family = f"{family}-{_family(last, with_sign, rng)}"
        title = rng.random()
        if title < 0.1:
            yield f"{family}, {given}"
        elif title < 0.2:
            yield f"Dr. {family}" if rng.random() < 0.6 else f"Dr. {given} {family}"
        else:
            yield f"{given} {family}, {titles.draw(rng)}" if title < 0.5 else f"{given} {family}"


def _family(last: "Drawer", with_sign: dict[str, str], rng: random.Random) -> str:
    """A family name; the census leaves apostrophes out, and nearly all who have one write it."""
    if rng.random() < APOSTROPHE_MORE:
        return rng.choice(list(with_sign.values()))
    name = last.draw(rng)
    return with_sign.get(name.lower(), name.title())


class Drawer:
    """Draws entries of a list, each as often as its weight says."""

    def __init__(self, entries: list[tuple[str, float]]) -> None:
        self._entries = [entry for entry, _ in entries]
        self._sums = list(accumulate(weight for _, weight in entries))

    def draw(self, rng: random.Random) -> str:
        """One entry."""
        return rng.choices(self._entries, cum_weights=self._sums)[0]


def _weighted(entries: list[str]) -> Drawer:
    """Entries such as "knee*5": five times as often as "wrist"."""
    parted = [re.fullmatch(r"(.*?)(?:\*(\d+))?", entry) for entry in entries]
    return Drawer([(match[1], float(match[2] or 1)) for match in parted if match])


def _census(*names: str) -> Drawer:
    """Names of the 1990 census, the rare ones more often than they are: they are many, and are written too."""
    lines = [line for name in names for line in files("names").joinpath(name).read_text().splitlines()]
    return Drawer([(row[0], float(row[1]) ** 0.75) for row in map(str.split, lines)])


def _drawn(pattern: str, lists: dict[str, Drawer], rng: random.Random) -> str:
    while match := re.search(r"\{([a-z]+)\}", pattern):
        pattern = pattern[: match.start()] + lists[match[1]].draw(rng) + pattern[match.end() :]
    return re.sub(r"\{(\d+)-(\d+)\}", lambda m: str(rng.randint(int(m[1]), int(m[2]))), pattern)


def write_words(texts: Iterable[str]) -> None:
    """All words that the sources hold at least twice, those that are listed, and all names of the census."""
    seen = Counter(word for text in texts for word in re.findall("[a-z]+", fold(text)))
    names = {
        line.split()[0].lower() for name in CENSUS for line in files("names").joinpath(name).read_text().splitlines()
    }
    listed = tomllib.loads((SOURCES / "words.toml").read_text(encoding="utf-8"))["words"]
    kept = sorted(names | set(listed) | {word for word, count in seen.items() if count >= SEEN_LEAST})
    (DATA / "words.txt.gz").write_bytes(gzip.compress("\n".join(kept).encode(), mtime=0))
    sys.stdout.write(f"words.txt.gz: {len(kept)} words\n")


def write_codes(codes: list[tuple[str, str]], complete: set[str]) -> None:
    """The code list, a line a code: the code, "+" when it is billed only with more characters, its description."""
    kept = [(code, text) for code, text in codes if code[0] not in "VWXY" and len(code.replace(".", "")) <= CODE_MOST]
    lines = [f"{code}\t{'' if code in complete else '+'}\t{text}" for code, text in kept]
    CODES.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    sys.stdout.write(f"{CODES.name}: {CODES.stat().st_size / 1000:.0f} kB\n")


def main(wordnet: Path) -> None:
    """Write the models to ocr/language/data."""
    import simple_icd_10_cm as icd

    rng = random.Random(SEED)  # noqa: S311
    codes = [(code, icd.get_description(code)) for code in icd.get_all_codes() if icd.is_category_or_subcategory(code)]
    write_codes(codes, {code for code, _ in codes if icd.is_leaf(code)})
    texts = {
        "general": list(general(wordnet, rng)),
        "diagnoses": list(diagnoses(codes)),
        "rehab": list(phrases("rehab.toml", rng)),
        "numbers": list(phrases("numbers.toml", rng)),
        "abbreviations": list(phrases("abbreviations.toml", rng, "rehab.toml")),
        "names": list(people(rng)),
    }
    write_words(chain(texts["general"], texts["diagnoses"], texts["rehab"], texts["abbreviations"]))
    for name, shares in MODELS.items():
        path = DATA / f"{name}.npz"
        parts = {part: (share, counts(texts[part], ORDER[name])) for part, share in shares.items()}
        pack(mix_counts(parts, SIZE[name]), LEAST).save(path)
        sys.stdout.write(f"{path.name}: {path.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
