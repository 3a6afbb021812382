"""Dependencies: what the rooms import is declared, and what is declared is imported or says why it is there."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(TEXT)
ROOMS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared() -> dict[str, str]:
    """The distributions that the wheel asks for, always or with an extra, each with the comment beside its line."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    asked_for = [*PROJECT["project"]["dependencies"], *(asked for extra in extras for asked in extra)]
    names = {re.split(r"[\[<>=!~; ]", asked)[0]: asked for asked in asked_for}
    return {
        _normal(name): found[1] if (found := re.search(rf'"{re.escape(asked)}",\s*# (.+)', TEXT)) else ""
        for name, asked in names.items()
    }


def _imported() -> set[str]:
    """The packages that modules of the wheel import, at any place in them."""
    modules = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return {name for path in modules for name in _imports_of(ast.parse(path.read_text("utf-8")))}


def _imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _distributions() -> set[str]:
    """The distributions that what is imported comes from; whatever has none is named as it is imported."""
    providers = metadata.packages_distributions()
    others = _imported() - {*sys.stdlib_module_names, *ROOMS}
    return {_normal(provider) for package in others for provider in providers.get(package, [package])}


def test_every_import_is_declared() -> None:
    """What comes only because another package asks for it goes when that one changes its mind."""
    assert _distributions() - _declared().keys() == set()


def test_what_is_declared_is_imported_or_says_why() -> None:
    """A dependency that nobody uses is downloaded, checked and worried about for nothing."""
    idle = _declared().keys() - _distributions()
    assert {name for name in idle if not _declared()[name].startswith("not imported: ")} == set()


def test_no_reason_outlives_its_cause() -> None:
    """What is imported after all must not be said to be unused."""
    assert {name for name in _distributions() & _declared().keys() if "not imported" in _declared()[name]} == set()


def test_the_hooks_run_the_locked_tools_and_download_nothing() -> None:
    """A hook with a version of its own complains about what `make lint` lets pass."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}
    tools = {hook["entry"].split()[0] for hook in hooks}
    assert {tool for tool in tools if not (ROOT / tool).is_file() or not tool.startswith(".venv/bin/")} == set()


def test_nothing_names_a_target_that_make_does_not_have() -> None:
    """An error that ends with the next step must name one that works."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = re.compile(r"`make((?: [a-z-]+)+)")
    texts = [(name, ROOT / name) for name in listed.splitlines() if name.endswith((".py", ".md", ".sh", ".yaml"))]
    unknown = {
        f"{name}: {word}"
        for name, path in texts
        if path.is_file()
        for words in named.findall(path.read_text("utf-8"))
        for word in words.split()
        if word not in targets
    }
    assert unknown == set()
