"""What pages ask of core, they ask as somebody: whoever takes their session takes the actor too."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator

from tests.structure.test_architecture import ROOT, parsed, sources

OF_A_SIGN_IN = {
    "core.accounts.signin.visitor": "finds out who it is",
    "core.accounts.signin.sessions_of": "the visitor's own, by their number",
}


def asked(tree: ast.Module) -> Iterator[str]:
    """Every function of core that is called with a session first, by its full name."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core"):
            names |= {item.asname or item.name: f"{node.module}.{item.name}" for item in node.names}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first = node.args[0]
        if isinstance(first, ast.Name) and first.id in {"session", "reading"}:
            root, _, rest = ast.unparse(node.func).partition(".")
            if root in names:
                yield f"{names[root]}.{rest}".rstrip(".")


def takes_an_actor(name: str) -> bool:
    module, _, function = name.rpartition(".")
    return (
        "actor" in inspect.signature(getattr(importlib.import_module(module), function)).parameters
    )


def test_whatever_a_page_reads_it_reads_as_somebody() -> None:
    found = {
        name: str(path.relative_to(ROOT))
        for path in sources("dashboard", "pages", "exports")
        for name in asked(parsed(path))
    }
    assert len(found) > 10
    assert {
        name: path
        for name, path in found.items()
        if name not in OF_A_SIGN_IN and not takes_an_actor(name)
    } == {}


def test_the_rule_on_reads_can_fail() -> None:
    source = "from core.correspondence import inbox as i\ni.read_inbox(session, 'zh', case_id=1)"
    (name,) = asked(ast.parse(source))
    assert name == "core.correspondence.inbox.read_inbox"
    assert not takes_an_actor(name)
