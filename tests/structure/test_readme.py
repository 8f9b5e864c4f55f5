"""Documents that cannot rot: the README, the generated documents and the list of dependencies."""

from __future__ import annotations

import argparse
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.__main__ import _parser
from core.access.permissions import GRANTS
from core.demo import accounts
from core.procedures import PROCEDURES
from core.vocabulary.roles import ROLE_LABELS, Role
from core.workflow import diagram
from dashboard import navigation

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRITTEN = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]


def section(title: str, text: str = README) -> str:
    """The part of a document below the heading that begins with `title`."""
    found = re.search(rf"^#+ {re.escape(title)}.*?\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"no section {title!r}"
    return found[1]


def rows(part: str) -> list[list[str]]:
    """Cells of the tables in `part`, without their heads."""
    lines = [line for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = [at for at, row in enumerate(cells) if set(row[0]) <= {"-", ":"}]
    heads = {at - 1 for at in rules} | set(rules)
    return [row for at, row in enumerate(cells) if at not in heads]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_every_setting_is_in_the_table_and_no_other() -> None:
    read = set(
        re.findall(r"REGDESK_[A-Z_]+", (ROOT / "core/config.py").read_text(encoding="utf-8"))
    )
    assert len(read) > 5
    assert {quoted(row[0])[0] for row in rows(section("Settings"))} == read


def pages_table() -> list[str]:
    """The table of pages and roles as the code has it."""
    roles = [role for role in Role if role is not Role.SYSTEM]
    lines = [
        "| 页面 Page | " + " | ".join(ROLE_LABELS[role].zh for role in roles) + " |",
        "|---|" + ":-:|" * len(roles),
    ]
    for spec in navigation.PAGES:
        place = "/" if spec is navigation.HOME else f"/{spec.path}"
        marks = ["●" if spec.permission in GRANTS[role] else "" for role in roles]
        name = f"{spec.title.zh} {spec.title.en} `{place}`"
        lines.append(f"| {name} | " + " | ".join(marks) + " |")
    return lines


def test_the_table_of_pages_and_roles_is_that_of_the_code() -> None:
    part = section("Pages and roles")
    written = [line for line in part.splitlines() if line.startswith("| ") or line[:4] == "|---"]
    expected = pages_table()
    assert written[: len(expected)] == expected, "\n".join(["put this there:", *expected])


def test_every_role_is_explained() -> None:
    explained = {row[0] for row in rows(section("Roles"))}
    assert explained == {
        f"{label.zh} {label.en} `{role.value}`"
        for role, label in ROLE_LABELS.items()
        if role is not Role.SYSTEM
    }


def commands(
    parser: argparse.ArgumentParser, before: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with the parser of its arguments."""
    groups = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    if not groups:
        yield before.strip(), parser
    for group in groups:
        for name, inner in group.choices.items():
            yield from commands(inner, f"{before} {name}")


def test_every_command_and_its_options_are_in_the_table_and_no_other() -> None:
    table = {
        shown.split(" --")[0].split(" [")[0]: shown
        for row in rows(section("Command line"))
        for shown in quoted(row[0])
        if shown.startswith("python -m core")
    }
    known: set[str] = set()
    for name, parser in commands(_parser("en")):
        arguments = [
            action for action in parser._actions if not {"-h", "--lang"} & {*action.option_strings}
        ]
        words = [str(action.metavar) for action in arguments if not action.option_strings]
        shown = " ".join(["python -m core", name, *words])
        known.add(shown)
        assert shown in table, f"{shown} is missing"
        options = {action.option_strings[-1] for action in arguments if action.option_strings}
        assert set(re.findall(r"--[a-z-]+", table[shown])) == options, shown
    assert set(table) == known


def test_the_map_of_folders_is_complete_and_true() -> None:
    ignored = {
        line.rstrip("/")
        for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        if line.endswith("/")
    } | {".git"}
    there = {
        path.relative_to(ROOT).as_posix() + "/"
        for folder in (ROOT, ROOT / "core", ROOT / "dashboard", ROOT / "tests")
        for path in folder.iterdir()
        if path.is_dir() and path.name not in ignored and any(path.iterdir())
    }
    named = [quoted(row[0])[0] for row in rows(section("Map of the folders"))]
    assert set(named) == there
    assert len(named) == len(set(named))


PLACE = re.compile(r"(?<![\w/.-])(?:core|dashboard|pages|exports|tests|docs)/[\w./-]*")
NAME = re.compile(r"(?<![\w/.-])(?:core|dashboard|tests)(?:\.[A-Za-z_]\w*)+")


def missing(text: str) -> list[str]:
    """Paths and dotted names in `text` that the house does not know."""
    places = [place.rstrip(".") for place in PLACE.findall(text)]
    gone = [place for place in places if not (ROOT / place).exists()]
    for name in NAME.findall(text):
        try:
            pkgutil.resolve_name(name)
        except (ImportError, AttributeError):
            gone.append(name)
    return gone


@pytest.mark.parametrize("document", WRITTEN, ids=lambda path: path.name)
def test_what_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [
        target
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        if not (document.parent / target).exists()
    ]
    assert missing(text) + links == []


def test_a_name_that_is_gone_is_found() -> None:
    text = "See core/text.py, core/rules/, `core.text.Text`, core.text.Words, core.rules.age."
    assert missing(text) == ["core/rules/", "core.text.Words", "core.rules.age"]


def test_the_rooms_of_core_are_told_in_the_order_of_their_layers() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = [item["layers"] for item in contracts if item.get("containers") == ["core"]]
    architecture = (DOCS / "architecture.md").read_text(encoding="utf-8")
    told = [set(quoted(row[0])) for row in rows(section("Rooms", architecture))]
    assert told == [set(layer.split(" | ")) for layer in layers]


def test_ten_typical_changes_have_their_files() -> None:
    architecture = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert len(rows(section("Ten changes", architecture))) == 10


@pytest.mark.parametrize("name", ["queue.png", "case.png"])
def test_the_pictures_of_the_readme_are_small(name: str) -> None:
    assert f"docs/pictures/{name}" in README
    assert (DOCS / "pictures" / name).stat().st_size <= 300 * 1024


def test_the_workflow_document_is_the_generated_one() -> None:
    written = (DOCS / "workflow.md").read_text(encoding="utf-8")
    assert written == diagram.document(PROCEDURES.values()), "run python -m core docs"


def test_every_dependency_is_justified_in_the_decisions() -> None:
    wanted = {
        re.split(r"[\[=<>~!; ]", line)[0].lower()
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("-", "#"))
    }
    decisions = (DOCS / "decisions.md").read_text(encoding="utf-8")
    justified = {
        name.strip()
        for row in rows(section("Dependencies", decisions))
        for name in row[0].split(",")
    }
    assert wanted <= justified, f"without a reason: {sorted(wanted - justified)}"
    assert justified <= wanted, f"no longer needed: {sorted(justified - wanted)}"


def test_every_document_is_linked_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[^)#]+)\)", README))
    assert {f"docs/{path.name}" for path in DOCS.glob("*.*")} <= linked


def test_the_demo_accounts_are_those_that_are_made() -> None:
    current = {post["username"] for post in accounts.BOOK["posts"] if "left" not in post}
    named = {name for row in rows(section("Demo accounts")) for name in quoted(row[0])}
    assert {name for name in named if not name.startswith(("applicant", "employer"))} == current
