"""The contracts on imports (`make check` runs them) hold, and each of them can fail."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter import api
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

ROOT = Path(__file__).parents[2]
KINDS = {
    "acyclic_siblings": AcyclicSiblingsContract,
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
}
CONFIGURATION = api.read_configuration(str(ROOT / "pyproject.toml"))
SESSION: dict[str, Any] = CONFIGURATION["session_options"]
CONTRACTS: dict[str, Any] = {item["name"]: item for item in CONFIGURATION["contracts_options"]}


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    roots = SESSION["root_packages"]
    return grimp.build_graph(*roots, include_external_packages=True, cache_dir=None)


def broken(graph: grimp.ImportGraph) -> set[str]:
    """Names of the contracts that `graph` breaks."""
    return {
        name
        for name, options in CONTRACTS.items()
        if not KINDS[options["type"]](name, SESSION, options).check(deepcopy(graph), False).kept
    }


def test_imports_follow_the_directions_of_the_house(house: grimp.ImportGraph) -> None:
    assert broken(house) == set(), "run .venv/bin/lint-imports, which names the imports"


ROOMS, CORE, CIRCLES, CORE_SCREEN, EXPORT_SCREEN, QUERIES = CONTRACTS


@pytest.mark.parametrize(
    ("importer", "imported", "contracts"),
    [
        ("dashboard.session", "pages.queue", {ROOMS}),
        ("core.text", "dashboard.session", {ROOMS}),
        ("exports", "dashboard.session", {ROOMS}),
        ("core.cases.guards", "core.queue.listing", {CORE, CIRCLES}),
        ("core.appeals.procedure", "core.cases.procedure", {CORE}),
        ("core.vocabulary.cases", "core.model.cases", {CORE}),
        ("core.workflow.definitions", "core.workflow.engine", {CIRCLES}),
        ("core.text", "streamlit", {CORE_SCREEN}),
        ("exports", "streamlit", {EXPORT_SCREEN}),
        ("pages.queue", "sqlalchemy", {QUERIES}),
    ],
)
def test_each_contract_can_fail(
    house: grimp.ImportGraph, importer: str, imported: str, contracts: set[str]
) -> None:
    graph = deepcopy(house)
    graph.add_import(importer=importer, imported=imported)
    assert contracts <= broken(graph)


def test_a_new_package_of_core_must_be_given_a_layer(house: grimp.ImportGraph) -> None:
    graph = deepcopy(house)
    graph.add_module("core.novelty")
    assert broken(graph) == {CORE}


def test_an_exception_is_explained() -> None:
    """Nothing is ignored without a comment in the line above it."""
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    ignored = [at for at, line in enumerate(lines) if line.strip().startswith("ignore_imports")]
    assert all(lines[at - 1].lstrip().startswith("#") for at in ignored)
