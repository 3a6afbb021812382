"""The rules of the house that no linter knows: names, sizes, and documents that tell the truth."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel
from typer.core import TyperGroup

from refpad.cli import app
from refpad.settings import Settings
from tests.mirror import faults, sources

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
# What else the wheel carries, by its place in the project, with its place there.
CARRIED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
KEPT_HOME = ["training"]  # rooms that no wheel holds: what they make is shipped

MODULE_LINES_MOST = 300
FUNCTION_LINES_MOST = 50
ONE_LINER = 40  # characters: two of one short sentence are no copies

# Written so that this file does not name what it looks for.
REGISTRIES = re.compile(
    r"py[p]i\.org|python[h]osted\.|registry\.np[m]js|deb\.deb[i]an|docker\.[i]o|ghcr\.[i]o|quay\.[i]o"
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|hom[e]|User[s])/[\w.]|/tm[p]/\w")
# Not: aria-labelledby, grey-listing, and "cancelled" as FHIR, Prefect and asyncio have it.
BRITISH = re.compile(
    r"(?i)gre[y](?!-?list)|centr[e]|labell[e]d(?!by)|cancelle[d]_|catalogu[e]|colou[r]|behaviou[r]|neighbou[r]|honou[r]"
    r"|(?:milli|centi|deci)metr[e]|practise[d]|(?:normal|recogn|organ|synchron)is(?:[e]|ing|ation)"
)
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def _texts() -> Iterator[tuple[str, str]]:
    for path in _tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            yield str(path.relative_to(ROOT)), data.decode("utf-8")


def _modules() -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in _texts() if name.endswith(".py"))


def _manual(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_no_room_shares_its_name_with_another_package() -> None:
    """The rooms are top-level packages: a namesake in a dependency would be imported in their place, or they in its."""
    tops = set(sys.stdlib_module_names)
    for distribution in metadata.distributions():
        for file in distribution.files or ():
            tops.add(file.parts[0].partition(".")[0])
    assert tops & {*ROOMS, "tests", "samples"} == set()


def test_the_tools_know_the_same_rooms() -> None:
    """A new room that one of them forgets would be unpacked, unchecked, unguarded or unmeasured."""
    rooms = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
    tools = PROJECT["tool"]
    known = (tools["mypy"]["packages"], tools["importlinter"]["root_packages"], tools["coverage"]["run"]["source"])
    assert [rooms] * 4 == [sorted([*ROOMS, *KEPT_HOME]), *map(sorted, known)]


def test_nothing_names_a_registry_or_a_place_on_one_machine() -> None:
    """Where packages come from is the installer's business, and a path from somebody's disk works for nobody else."""
    named = [
        f"{name}: {found[0]}"
        for name, text in _texts()
        for pattern in (REGISTRIES, MACHINE_PATHS)
        if (found := pattern.search(text))
    ]
    assert named == []


def test_nothing_is_left_to_do_later() -> None:
    """A mark in the code is a promise without a date; issues have dates."""
    assert [name for name, text in _texts() if UNFINISHED.search(text)] == []


def test_words_are_spelled_as_in_the_us() -> None:
    """One spelling of each word, so that a search finds all of it; what other programs are called in is theirs."""
    found = {(path, word.group()) for path, text in _texts() for word in BRITISH.finditer(text)}
    assert sorted(found) == []


def test_nothing_holds_the_marks_of_an_unsettled_merge() -> None:
    """Both versions of a passage beside each other are neither, and no linter looks into a manual."""
    marks = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)
    assert [name for name, text in _texts() if marks.search(text)] == []


def test_modules_are_short() -> None:
    """Nobody reads a thousand lines to change one."""
    lengths = {name: text.count("\n") for name, text in _modules() if not name.startswith("tests/")}
    assert {name: length for name, length in lengths.items() if length >= MODULE_LINES_MOST} == {}


def test_each_module_is_tested_at_its_place_or_said_where() -> None:
    """Whoever changes a module finds its tests without a search, and a module without any is seen."""
    assert "\n".join(faults(sources(), [*ROOMS, *KEPT_HOME])) == ""


def test_functions_are_short() -> None:
    """Half a screen: what does not fit is two thoughts."""
    long = [
        f"{name}: {node.name} has {length} lines"
        for name, text in _modules()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MOST
    ]
    assert long == []


def test_no_function_is_written_twice() -> None:
    """Of two copies one is mended; the other goes on with the defect."""
    copies: dict[str, list[str]] = {}
    for name, text in _modules():
        if not name.startswith("tests/") and "/migrations/" not in name:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (body := _without_docstring(node)):
                    copies.setdefault("\n".join(map(ast.unparse, body)), []).append(f"{name}: {node.name}")
    twice = {body: places for body, places in copies.items() if len(places) > 1 and len(body) > ONE_LINER}
    assert list(twice.values()) == []


def test_no_two_public_classes_share_a_name() -> None:
    """Of two `Outcome`s a reader opens the wrong one. A protocol and the class that fulfills it may."""
    places: dict[str, list[str]] = {}
    for name, text in _modules():
        if name.startswith(tuple(f"{room}/" for room in ROOMS)):
            for node in ast.parse(text).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and "Protocol" not in _bases(node):
                    places.setdefault(node.name, []).append(name)
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


def _bases(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(base).partition("[")[0] for base in node.bases]


def _without_docstring(node: ast.FunctionDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node) is not None else node.body


def test_the_inch_is_written_down_once() -> None:
    """A figure of the world that stands in many places is wrong in one of them some day."""
    inches = [
        name
        for name, text in _modules()
        if name.startswith(tuple(f"{room}/" for room in ROOMS))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value == 25.4
    ]
    assert inches == ["schemas/geometry.py"]


def test_every_test_says_why_it_is_there() -> None:
    """Tests are the specification: a sentence for a name, a docstring for the reason."""
    silent = [
        f"{name}: {node.name}"
        for name, text in _modules()
        if name.startswith("tests/")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def _commands(command: object, path: str) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            if not inner.hidden:  # an old name that still works is in no manual
                yield from _commands(inner, f"{path} {name}")
    else:
        yield path


def test_every_command_is_in_the_user_guide() -> None:
    """A command that nobody reads about is not there."""
    guide = _manual("docs/user-guide.md")
    commands = set(_commands(typer.main.get_command(app), "refpad"))
    assert {command for command in commands if f"`{command}" not in guide and f"\n{command}" not in guide} == set()


def test_the_manuals_name_no_command_that_is_not_there() -> None:
    """What a guide tells people to type must work."""
    commands = set(_commands(typer.main.get_command(app), "refpad"))
    for name in ("README.md", "docs/user-guide.md", "docs/csv.md", "docs/privacy.md", "ARCHITECTURE.md"):
        typed = set(re.findall(r"(?:`|\n)(refpad(?: [a-z][a-z-]*)+)", _code_of(_manual(name))))
        unknown = {each for each in typed if not any(f"{each} ".startswith(f"{known} ") for known in commands)}
        assert unknown - _groups() == set(), name


def _code_of(manual: str) -> str:
    """The blocks and words of a manual that are to be typed."""
    return "\n".join(re.findall(r"```.+?```|`[^`\n]+`", manual, re.DOTALL))


def _groups() -> set[str]:
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    return {f"refpad {name}" for name, inner in command.commands.items() if isinstance(inner, TyperGroup)}


def names_of(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The environment variables of a settings model, those of its groups included."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from names_of(inner, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def test_every_setting_is_documented_and_no_other() -> None:
    """A setting one cannot look up is set by nobody; one that is gone misleads."""
    documented = re.findall(r"^\| `(REFPAD_\w+)`", _manual("docs/settings.md"), re.MULTILINE)
    assert sorted(documented) == sorted(names_of(Settings, "REFPAD_"))


def test_the_map_names_what_is_there() -> None:
    """ARCHITECTURE.md: each file and folder it names exists, or is a pattern with a word in capitals."""
    named = re.findall(r"(?<![\w/])((?:{}|tests|scripts)/[\w/*.]*)".format("|".join(ROOMS)), _manual("ARCHITECTURE.md"))
    there = [name for name in named if not re.search(r"[A-Z*]", name)]
    assert [name for name in there if not (ROOT / name.rstrip(".")).exists()] == []


def test_what_is_named_by_its_path_or_its_module_is_there() -> None:
    """Whoever follows a page or a comment to a module that was renamed finds nothing and trusts the rest less."""
    rooms = "|".join((*ROOMS, "tests", "scripts"))
    path = re.compile(rf"(?<![\w./-])((?:{rooms})/[\w/]+\.(?:py|toml|html|css|js|md))\b")
    dotted = re.compile(rf"`((?:{'|'.join(ROOMS)})(?:\.\w+)+)(?:\(\))?`")
    wrong = [
        f"{name}: {named}"
        for name, text in _texts()
        if name.endswith((".md", ".py")) and not name.startswith("tests/") and "/migrations/" not in name
        for named, is_there in (
            *((path_, (ROOT / path_).exists()) for path_ in path.findall(text)),
            *((module, _is_module(module)) for module in dotted.findall(text)),
        )
        if not is_there and not re.search(r"[A-Z]{4}", named)  # to_FORMAT.py is a pattern
    ]
    assert wrong == []


def _is_module(dotted: str) -> bool:
    """Whether it is a package, a module, or a name within one."""
    parts = dotted.split(".")
    if parts[-1] in {"py", "toml"}:  # a file's name
        return True
    for count in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:count])
        if base.is_dir():
            return count == len(parts)
        if base.with_suffix(".py").exists():
            text = base.with_suffix(".py").read_text("utf-8")
            return count == len(parts) or re.search(rf"\b{parts[count]}\b", text) is not None
    return False


def test_the_map_shows_every_room() -> None:
    """A room, or a sub-package of one, that the map leaves out is found by nobody."""
    shown = _manual("ARCHITECTURE.md")
    packages = sorted(
        str(path.parent.relative_to(ROOT))
        for room in (*ROOMS, *KEPT_HOME)
        for path in (ROOT / room).rglob("__init__.py")
    )
    assert [package for package in packages if f"`{package}/" not in shown] == []


@pytest.mark.parametrize(
    "name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/user-guide.md", "docs/decisions/README.md"]
)
def test_links_lead_somewhere(name: str) -> None:
    """A link in the manuals is a file of the project, or a page elsewhere."""
    links = re.findall(r"\]\(([^)#]+)", _manual(name))
    here = [link for link in links if not link.startswith("https://")]
    assert [link for link in here if not ((ROOT / name).parent / link).exists()] == []


def _locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", _manual(name), re.MULTILINE))


def test_the_locks_agree_and_hold_what_the_project_asks_for() -> None:
    """What is tested is what runs: the same versions in both, and every direct dependency."""
    run, dev = _locked("requirements.lock"), _locked("requirements-dev.lock")
    asked = {re.split(r"[\[<>=!~; ]", each)[0] for each in PROJECT["project"]["dependencies"]}
    assert asked <= run.keys()
    assert run.items() <= dev.items()


def test_the_headless_opencv_comes_alone() -> None:
    """Both builds install the same folder; whichever came last would win."""
    assert "opencv-python" not in _locked("requirements.lock")
    assert "opencv-python-headless" in _locked("requirements.lock")


CLOCKS = re.compile(r"perf_counter|monotonic|process_time|time\.time\(")


def test_no_test_asserts_how_fast_something_is() -> None:
    """Speed is measured by `refpad bench`: on a busy machine an assertion about it fails for nothing.

    A clock in a test may end a wait that would never end, and is then on the left of its limit.
    """
    asserted = [
        f"{name}: {ast.unparse(node.test)}"
        for name, text in _modules()
        if name.startswith("tests/")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assert) and CLOCKS.search(said := ast.unparse(node.test)) and "- " in said
    ]
    assert asserted == []


def test_what_pages_show_of_a_refusal_names_no_command() -> None:
    """Who works in a browser has no terminal: the command stands apart, for pages to leave out."""
    named = [
        f"{name}: line {call.lineno}"
        for name, text in _modules()
        if name.startswith("store/")
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args
        if call.func.id in {"UsageError", "NotOnRecordError"} and "`refpad" in ast.unparse(call.args[0])
    ]
    assert named == []
