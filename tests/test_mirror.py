"""The check that each module is tested somewhere: each kind of fault is planted, and told."""

from collections.abc import Callable

import pytest

from tests.mirror import TABLE, faults, sources
from tests.test_house import ROOMS

Sources = dict[str, str]
WHOLE = sources()


def _write(tree: Sources, part: str, path: str, why: str) -> None:
    tree[TABLE] = tree[TABLE].replace(f"[{part}]\n", f'[{part}]\n"{path}" = "{why}"\n')


def _plant_a_module(tree: Sources) -> None:
    tree["ocr/marks/planted.py"] = ""


def _plant_a_test(tree: Sources) -> None:
    tree["tests/ocr/marks/test_planted.py"] = ""


def _write_a_test_of_its_own(tree: Sources) -> None:
    tree["tests/ocr/test_overlay.py"] = "import ocr.overlay"


def _remove_a_test(tree: Sources) -> None:
    del tree["tests/ocr/marks/test_judge.py"]


def _remove_the_test_of_a_group(tree: Sources) -> None:
    del tree["tests/flows/test_prefect.py"]


def _rename_a_module_of_a_group(tree: Sources) -> None:
    tree["ocr/overlays.py"] = tree.pop("ocr/overlay.py")


def _name_a_module_twice(tree: Sources) -> None:
    _write(tree, "untested", "ocr/overlay.py", "It is tested by nobody at all.")


def _name_a_test_that_never_comes_near(tree: Sources) -> None:
    tree[TABLE] = tree[TABLE].replace('[elsewhere."tests/ocr/test_reader.py"]', '[elsewhere."tests/test_setup.py"]')


def _forget_the_reason(tree: Sources) -> None:
    _write(tree, "untested", "ocr/overlays.py", "")


def _name_a_test_that_is_for_a_module(tree: Sources) -> None:
    _write(tree, "several", "tests/ocr/test_reader.py", "For no module at all.")


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (_plant_a_module, "ocr/marks/planted.py has no test"),
        (_plant_a_test, "tests/ocr/marks/test_planted.py is for no module"),
        (_write_a_test_of_its_own, "ocr/overlay.py has a test of its own"),
        (_remove_a_test, "ocr/marks/judge.py has no test"),
        (_remove_the_test_of_a_group, "tests/flows/test_prefect.py is named"),
        (_rename_a_module_of_a_group, "ocr/overlay.py is named under tests/ocr/test_reader.py"),
        (_name_a_module_twice, "ocr/overlay.py is named under tests/ocr/test_reader.py and [untested]"),
        (_name_a_test_that_never_comes_near, "ocr/overlay.py is said to be tested by tests/test_setup.py"),
        (_forget_the_reason, "ocr/overlays.py needs a sentence"),
        (_name_a_test_that_is_for_a_module, "tests/ocr/test_reader.py is for the module of its name"),
    ],
)
def test_each_kind_of_fault_is_told(plant: Callable[[Sources], None], told: str) -> None:
    """A check that cannot fail guards nothing."""
    tree = dict(WHOLE)
    plant(tree)
    assert [fault for fault in faults(tree, ROOMS) if told in fault]
