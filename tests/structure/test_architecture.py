"""House rules as code: who assigns a status, who authorises, sizes; imports in test_layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "dashboard", "exports", "pages")


def sources(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# Where a standing is written that no procedure moves: registrations and flags. Everything else that
# has a status is moved by the engine.
STANDINGS = {
    "core/anomalies/disposition.py",
    "core/appeals/procedure.py",
    "core/register/commands.py",
}


def written_names(tree: ast.AST) -> Iterator[str]:
    """Names of attributes that a tree assigns, by any way of assigning."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
                    yield part.attr
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr":
            name = node.args[1]
            yield name.value if isinstance(name, ast.Constant) else "(computed)"
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".values"):
            yield from (word.arg for word in node.keywords if word.arg)


def test_only_the_engine_assigns_a_status() -> None:
    writers = {
        str(path.relative_to(ROOT))
        for path in sources(*ROOMS)
        if "status" in written_names(parsed(path))
    }
    assert writers - STANDINGS == {"core/workflow/engine.py"}
    assert writers >= STANDINGS, "a place that no longer writes one"


@pytest.mark.parametrize(
    "words",
    [
        "anything.status = 1",
        "a.b.status = 1",
        "x, y.status = 1, 2",
        "setattr(x, 'status', 1)",
        "update(Case).values(status=1)",
    ],
)
def test_no_way_of_assigning_escapes_the_rule(words: str) -> None:
    assert "status" in set(written_names(ast.parse(words)))


def uses(tree: ast.AST, *names: str) -> bool:
    """True when the tree calls, passes on or imports one of these of `core.db`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith(
            tuple(f"db.{name}" for name in names)
        ):
            return True
        if (
            isinstance(node, ast.ImportFrom)
            and node.module == "core.db"
            and any(name.name in names for name in node.names)
        ):
            return True
    return False


def users_of(folders: tuple[str, ...], *names: str) -> list[str]:
    """The modules of these folders that use one of `names` of `core.db`."""
    return [
        str(path.relative_to(ROOT))
        for path in sources(*folders)
        if uses(parsed(path), *names) and path != ROOT / "core" / "db.py"
    ]


def test_what_writes_can_run_again_when_others_get_in_its_way() -> None:
    """`db.run` does so; a block of `db.transaction` cannot be run again, only its caller can."""
    assert users_of(("core", "dashboard", "pages", "exports"), "transaction") == [
        "core/accounts/signin.py",  # counts a failure, also in memory
        "core/demo/load.py",  # alone in its database
        "core/intake/examine.py",  # takes each packet again by itself
    ]


def test_pages_and_panels_write_by_attempt_alone() -> None:
    """What else of the dashboard writes stands before a visit: signing in, and the log of files."""
    assert users_of(("dashboard", "pages", "exports"), "transaction", "run") == [
        "dashboard/attempt.py",
        "dashboard/files.py",
        "dashboard/gate.py",
        "dashboard/signin.py",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "from core import db\nwith db.transaction() as session: pass",
        "import core.db\nbegin = core.db.transaction",
        "from core.db import transaction as begin",
    ],
)
def test_the_rule_on_writes_can_fail(source: str) -> None:
    assert uses(ast.parse(source), "transaction")
    assert not uses(ast.parse(source.replace("transaction", "reading")), "transaction")


def test_every_package_of_the_dashboard_says_in_a_sentence_what_it_holds() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources("dashboard")
        if path.name == "__init__.py" and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_pages_and_panels_run_to_their_end() -> None:
    """After `st.stop` Streamlit keeps the state of widgets that the browser has forgotten.

    Whoever comes back to them would see an empty filter over a filtered list.
    """
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in [*sources("pages"), *sources("dashboard/panels", "dashboard/components")]
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.stop"
    ]
    assert offenders == []


@pytest.mark.parametrize("path", list(sources("pages")), ids=lambda path: path.stem)
def test_every_page_asks_for_a_permission_first(path: Path) -> None:
    calls = [
        node
        for node in parsed(path).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) in {"require", "session.require"}
    ]
    assert len(calls) == 1, f"{path.name} must call require(Permission…) once at its top"
    assert ast.unparse(calls[0].value.args[0]).startswith("Permission.")


@pytest.mark.parametrize("path", list(sources("pages")), ids=lambda path: path.stem)
def test_pages_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


def long(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8").splitlines()) > 400


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# A migration is as long as its schema.
GROWN = [path for path in sources(*ROOMS, "tests") if path.parent.name != "versions"]
SENT_TO_BROWSERS = sorted(
    path
    for room in (*ROOMS, "tests")
    for kind in ("js", "css")
    for path in (ROOT / room).rglob(f"*.{kind}")
)


@pytest.mark.parametrize("path", GROWN, ids=named)
def test_no_file_grows_past_four_hundred_lines(path: Path) -> None:
    """Save a table of data, which says that it is longer than other files."""
    explained = "longer than other" in (ast.get_docstring(parsed(path)) or "").lower()
    assert explained or not long(path)


@pytest.mark.parametrize("path", SENT_TO_BROWSERS, ids=named)
def test_no_script_or_style_sheet_grows_past_four_hundred_lines(path: Path) -> None:
    assert not long(path)


def test_permissions_are_never_written_as_literals() -> None:
    from core.access.permissions import Permission

    values = {item.value for item in Permission}
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources(*ROOMS)
        if path.name != "permissions.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and node.value in values
    ]
    assert offenders == []


def test_now_and_today_come_from_the_clock_alone() -> None:
    offenders = []
    for path in sources("core", "dashboard", "pages", "exports"):
        if path.name == "clock.py":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "datetime.now",
                "datetime.utcnow",
                "date.today",
                "dt.datetime.now",
                "dt.date.today",
            }:
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")  # noqa: PERF401 reads better
    assert offenders == []


def test_every_error_speaks_both_languages_with_the_same_fields() -> None:
    import importlib
    import pkgutil
    from string import Formatter

    import core
    from core.errors import CoreError

    for module in pkgutil.walk_packages(core.__path__, "core."):
        if ".versions." not in module.name and not module.name.endswith(("env", "__main__")):
            importlib.import_module(module.name)

    def family(kind: type[CoreError]) -> Iterator[type[CoreError]]:
        yield kind
        for child in kind.__subclasses__():
            yield from family(child)

    kinds = set(family(CoreError))
    assert len(kinds) > 30
    for kind in kinds:
        fields = [
            {name for _, name, _, _ in Formatter().parse(words) if name}
            for words in (kind.text.zh, kind.text.en)
        ]
        assert kind.text.zh, kind
        assert kind.text.en, kind
        assert fields[0] == fields[1], kind


def texts(path: Path) -> Iterator[tuple[int, list[str]]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Text":
            words = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            yield node.lineno, words


def test_every_text_is_complete_in_both_languages() -> None:
    import re

    seen = 0
    for path in sources(*ROOMS):
        for line, words in texts(path):
            if len(words) != 2:
                continue
            seen += 1
            where = f"{path.relative_to(ROOT)}:{line}"
            assert words[0].strip(), where
            assert words[1].strip(), where
            if words == ["English", "中文"]:
                continue  # the switch to the other language is written in that language
            assert not re.search(r"[\u4e00-\u9fff]", words[1]), f"{where}: Chinese in the English"
    assert seen > 500
