"""What Streamlit renders as markdown is ours, or has gone through `labels`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Elements whose words are markdown, and where these stand among their arguments.
RENDERS = {
    "badge", "button", "caption", "checkbox", "date_input", "dialog", "download_button", "error",
    "expander", "form_submit_button", "header", "info", "link_button", "markdown", "metric",
    "multiselect", "number_input", "page_link", "pills", "popover", "radio", "segmented_control",
    "selectbox", "status", "subheader", "success", "tabs", "text_area", "text_input", "title",
    "toast", "toggle", "warning", "write",
}  # fmt: skip
WORDED = {"label", "body", "help", "title", "value"}
# The first argument of these is no label; its words come by name.
NOT_FIRST = {"page_link"}
# `value` is what a field holds, not what it says, except in a metric.
VALUES = {"metric"}

ESCAPES = {"labels.plain", "labels.lines", "labels.badge"}
# Figures, dates, and names of the catalogue and the vocabulary.
OURS = {
    "len", "clock.written", "role_names", "labels.business_name", "labels.profession_name",
    "labels.specialty_names", "labels.province_name", "tiles.today_in_words",
}  # fmt: skip


def is_ours(node: ast.expr, scope: ast.AST, depth: int = 0) -> bool:  # noqa: PLR0911 a table
    """True when no words of people can be in `node` as they were typed."""
    again = lambda part: is_ours(part, scope, depth + 1)  # noqa: E731
    match node:
        case _ if depth > 12:
            return False
        case ast.Constant():
            return True
        case ast.JoinedStr(values=parts):
            return all(again(part) for part in parts)
        case ast.FormattedValue(value=value, format_spec=spec):
            return spec is not None or again(value)  # with a format: a number or a date
        case ast.BinOp(left=left, right=right):
            return again(left) and again(right)
        case ast.IfExp(body=body, orelse=orelse):
            return again(body) and again(orelse)
        case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            return all(again(value) for value in values)
        case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item):
            return again(item)
        case ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name)):
            return name.isupper()
        case ast.Name(id=name):
            return name.isupper() or named_here(name, scope, depth)
        case ast.Call():
            return is_our_call(node, scope, depth)
        case _:
            return False


def is_our_call(node: ast.Call, scope: ast.AST, depth: int) -> bool:
    name = ast.unparse(node.func)
    if name in ESCAPES or name in OURS:
        return True
    if name.endswith(".join") and isinstance(node.func, ast.Attribute):
        return all(is_ours(part, scope, depth + 1) for part in (node.func.value, *node.args))
    if name.split(".")[-1] in {"say", "visit.say"} or is_text(node):
        return all(is_ours(word.value, scope, depth + 1) for word in node.keywords)
    return False


def is_text(node: ast.Call) -> bool:
    """True for TEXT(language, …), LABELS[key](language, …) and row.label(language)."""
    spoken = [ast.unparse(each) for each in node.args]
    if ast.unparse(node.func).endswith(".message"):  # of an error: it cites what it refuses
        return False
    return bool(spoken) and spoken[0] in {"language", "visit.language", "'zh'", "reading"}


def named_here(name: str, scope: ast.AST, depth: int) -> bool:
    """True when everything that a local name is given is ours."""
    given = [
        node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        and node.value is not None
        and any(
            isinstance(target, ast.Name) and target.id == name
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        )
    ]
    pairs = [
        value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Tuple)
        for part, value in zip(target.elts, node.value.elts, strict=True)
        if isinstance(part, ast.Name) and part.id == name
    ]
    appended = [
        node.args[0]
        for node in ast.walk(scope)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"{name}.append"
    ]
    every = [*given, *pairs, *appended]
    return bool(every) and all(is_ours(value, scope, depth + 1) for value in every)


def offenders(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of what is rendered without being ours."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        kind = node.func.attr
        if kind not in RENDERS or ast.unparse(node.func.value) not in {"st", "menu"}:
            continue
        scope = next((each for each in reversed(functions) if within(node, each)), tree)
        words = [] if kind in NOT_FIRST else node.args[: 2 if kind in VALUES else 1]
        words += [
            word.value
            for word in node.keywords
            if word.arg in WORDED and (word.arg != "value" or kind in VALUES)
        ]
        yield from ((part.lineno, ast.unparse(part)) for part in words if not is_ours(part, scope))


def within(node: ast.AST, function: ast.FunctionDef) -> bool:
    return any(each is node for each in ast.walk(function))


def test_no_words_of_people_are_rendered_as_markdown() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for room in ("dashboard", "pages")
        for path in sorted((ROOT / room).rglob("*.py"))
        for line, words in offenders(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "st.title(visit.name)",
        "st.markdown(f'**{row.name}**')",
        "st.error(error.message(visit.language))",
        "st.caption(visit.say(MADE, employer=case.employer_name))",
        "st.button('x', help=visit.say(RENAME, name=view.name))",
        "st.metric('x', row.name)",
        "words = note.text\nst.markdown(words)",
        "words = 'a'\nwords += note.text\nst.markdown(words)",
        "parts = []\nparts.append(note.text)\nst.caption(' · '.join(parts))",
        "def f(words): st.toast(words)",
        "a, b = 'x', row.name\nst.info(b)",
        "st.page_link('p.py', label=row.name)",
        "st.tabs([row.name])",
    ],
)
def test_the_rule_sees_words_of_people(line: str) -> None:
    assert list(offenders(line))
    escaped = line
    for words in (
        "visit.name", "row.name", "error.message(visit.language)", "case.employer_name",
        "view.name", "note.text",
    ):  # fmt: skip
        escaped = escaped.replace(words, f"labels.plain({words})")
    assert not list(offenders(escaped.replace("st.toast(words)", "st.toast(labels.plain(words))")))
