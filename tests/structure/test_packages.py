"""Every package of core says what it is for and has tests of its own name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APART = {Path(), Path("demo"), Path("migrations/versions")}
"""Core itself; the sample data, whose one folder of tests covers its parts; what is generated."""


def packages() -> list[Path]:
    core = ROOT / "core"
    found = {path.parent.relative_to(core) for path in core.rglob("__init__.py")}
    return sorted(path for path in found - APART if not path.is_relative_to("demo"))


def test_there_are_packages_to_look_at() -> None:
    assert len(packages()) >= 25


@pytest.mark.parametrize("package", packages(), ids=str)
def test_a_package_has_tests_of_its_own_name(package: Path) -> None:
    folder = ROOT / "tests" / "core" / package
    tests = [path for path in folder.glob("test_*.py") if "def test_" in path.read_text("utf-8")]
    assert tests, f"tests/core/{package} holds no test"


@pytest.mark.parametrize("package", packages(), ids=str)
def test_a_package_says_in_its_first_line_what_it_is_for(package: Path) -> None:
    words = (ROOT / "core" / package / "__init__.py").read_text("utf-8")
    said = ast.get_docstring(ast.parse(words))
    assert said, f"core/{package}/__init__.py says nothing"
    assert len(said.splitlines()[0]) > 20


def test_no_two_packages_say_the_same() -> None:
    said = [
        ast.get_docstring(ast.parse((ROOT / "core" / path / "__init__.py").read_text("utf-8")))
        for path in packages()
    ]
    told = [words for words in said if words]
    assert len(told) == len(set(told))


def test_every_folder_of_tests_stands_for_a_package() -> None:
    tests = ROOT / "tests" / "core"
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")} - {Path()}
    known = set(packages()) | {Path("demo")}
    known |= {
        path.parent.relative_to(ROOT / "core")
        for path in (ROOT / "core" / "demo").rglob("__init__.py")
    }
    assert folders <= known, "tests of a package that is not there"


@pytest.mark.parametrize("package", packages(), ids=str)
def test_folders_of_tests_are_packages_so_that_names_may_repeat(package: Path) -> None:
    assert (ROOT / "tests" / "core" / package / "__init__.py").exists()
