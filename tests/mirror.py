"""Which module is tested where: `tests/ocr/marks/test_judge.py` is for `ocr/marks/judge.py`.

`tested_elsewhere.toml` holds what departs from that: modules that are tested in another module's file or by a test of
several modules at once, and tests that are for no single module. Each entry says why.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = "tests/tested_elsewhere.toml"


def sources() -> dict[str, str]:
    """Path in the repository -> text, of this project's Python files and the table."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", TABLE]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name: path.read_text("utf-8") for name in listed.stdout.split("\0") if (path := ROOT / name).is_file()}


def faults(tree: Mapping[str, str], rooms: list[str]) -> list[str]:
    """Everything in which tests and modules do not match, a sentence each.

    Args:
        tree: what `sources` gives.
        rooms: the top-level packages.
    """
    table = tomllib.loads(tree[TABLE])
    modules = {path for path in tree if _is_module(path, rooms)}
    packages = {path.replace("/__init__.py", ".py") for path in tree if path.endswith("/__init__.py")}
    tests = {path for path in tree if _is_test(path)}
    return sorted(
        [
            *_modules_without_a_place(modules, tests, table),
            *_tests_without_a_place(modules, packages, tests, table),
            *_groups_that_are_wrong(tree, modules, tests, table["elsewhere"]),
            *_entries_without_a_reason(table),
        ]
    )


def own_test(module: str) -> str:
    path = PurePosixPath(module)
    return str("tests" / path.parent / f"test_{path.name}")


def _is_module(path: str, rooms: list[str]) -> bool:
    """`__init__` and `__main__` stand for their package, and migrations are tested together."""
    of_package = PurePosixPath(path).name.startswith("__") or path.startswith("store/migrations/")
    return path.endswith(".py") and path.partition("/")[0] in rooms and not of_package


def _is_test(path: str) -> bool:
    return path.startswith("tests/") and PurePosixPath(path).match("test_*.py")


def _modules_without_a_place(modules: set[str], tests: set[str], table: Mapping[str, Any]) -> Iterator[str]:
    for module in modules:
        places = [group for group, entry in table["elsewhere"].items() if module in entry["modules"]]
        places += ["[untested]"] * (module in table["untested"])
        if own_test(module) in tests and places:
            yield f"{module} has a test of its own, and {TABLE} still names it under {places[0]}: take that line out."
        elif len(places) > 1:
            yield f"{module} is named under {places[0]} and {places[1]} in {TABLE}: leave it in one."
        elif own_test(module) not in tests and not places:
            yield f"{module} has no test: write {own_test(module)}, or say in {TABLE} where it is tested and why there."


def _tests_without_a_place(
    modules: set[str], packages: set[str], tests: set[str], table: Mapping[str, Any]
) -> Iterator[str]:
    mirrors = {own_test(path) for path in modules | packages}
    for test in tests:
        if test in mirrors and test in table["several"]:
            yield f"{test} is for the module of its name: take it out of [several] in {TABLE}."
        elif test not in mirrors and test not in table["several"]:
            yield f"{test} is for no module: move its tests to their module's file, or say why in [several] in {TABLE}."
    for path in (table["several"].keys() - tests) | (table["untested"].keys() - modules):
        yield f"{path} is named in {TABLE}, and is not there."


def _groups_that_are_wrong(
    tree: Mapping[str, str], modules: set[str], tests: set[str], groups: Mapping[str, Any]
) -> Iterator[str]:
    graph = _graph(tree)
    for group, entry in groups.items():
        files = {test for test in tests if test == group or test.startswith(f"{group}/")}
        if not files:
            yield f"{group} is named in {TABLE}, and is not there."
        reached = _reached(graph, files)
        for module in entry["modules"]:
            if module not in modules:
                yield f"{module} is named under {group} in {TABLE}, and is not there."
            elif files and module not in reached:
                yield f"{module} is said to be tested by {group}, which nowhere imports it: see {TABLE}."


def _entries_without_a_reason(table: Mapping[str, Any]) -> Iterator[str]:
    reasons = (
        table["several"] | table["untested"] | {group: entry["why"] for group, entry in table["elsewhere"].items()}
    )
    for place, why in reasons.items():
        if len(why.split()) < 4 or not why.endswith("."):
            yield f"{place} needs a sentence that says why in {TABLE}."


def _graph(tree: Mapping[str, str]) -> dict[str, set[str]]:
    """File -> files that it imports or names."""
    files = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in tree}
    names = {path: _imported(text) | _named(text) for path, text in tree.items() if path.endswith(".py")}
    return {path: {files[name] for name in files.keys() & named} for path, named in names.items()}


def _reached(graph: Mapping[str, set[str]], files: set[str]) -> set[str]:
    """What files import, directly or through others; pytest imports the conftest.py of each folder above a test."""
    reached: set[str] = set()
    ahead = [*files, *(f"{folder}/conftest.py" for file in files for folder in PurePosixPath(file).parents)]
    while ahead:
        path = ahead.pop()
        if path in graph and path not in reached:
            reached.add(path)
            ahead.extend(graph[path])
    return reached


@cache
def _imported(text: str) -> frozenset[str]:
    nodes = list(ast.walk(ast.parse(text)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


@cache
def _named(text: str) -> frozenset[str]:
    """Dotted names in a file's strings: some modules are run as processes of their own (`python -m web.server`)."""
    values = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    names = (re.findall(r"[a-z]\w*(?:\.\w+)*", value) for value in values if isinstance(value, str))
    return frozenset(chain.from_iterable(names))
