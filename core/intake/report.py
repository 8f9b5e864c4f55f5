"""What an intake did, in words: a table of counts, the problems packet by packet, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from core.errors import CoreError
from core.intake.problems import Problem
from core.intake.run import PacketOutcome, Result
from core.text import Language, Text
from core.typed import shown

FATES: dict[PacketOutcome, Text] = {
    PacketOutcome.TAKEN: Text("已收件", "taken in"),
    PacketOutcome.ALREADY: Text("此前已收，未作改动", "already there, nothing changed"),
    PacketOutcome.FAILED: Text("未收，未作改动", "failed, nothing changed"),
}
TOTAL = Text("合计", "total")
_NAME = 200
LEFT = Text("未处理", "not looked at")
EXPECTED = Text("应为：{expected}", "expected: {expected}")
REMARK = Text("提示", "note")
NO_PACKETS = Text("未找到数据包（*.json）。", "There are no packets (*.json) here.")


class ReportUnwritable(CoreError):
    text = Text(
        "报告无法写入 {file}（{why}）。收件结果不受影响。",
        "The report cannot be written to {file} ({why}). What was taken in is taken in.",
    )


def counts(results: Iterable[Result], total: int) -> dict[str, int]:
    """How many packets met each fate, and how many were not looked at."""
    seen = Counter(result.fate for result in results)
    return {
        **{fate.value: seen[fate] for fate in PacketOutcome},
        "left": total - seen.total(),
        "total": total,
    }


def table(results: Sequence[Result], total: int, language: Language) -> str:
    """The counts as lines of a small table."""
    labels = {**{fate.value: label for fate, label in FATES.items()}, "left": LEFT, "total": TOTAL}
    return "\n".join(
        f"{count:>8}  {labels[key](language)}"
        for key, count in counts(results, total).items()
        if count or key != "left"
    )


def problem_line(problem: Problem, language: Language) -> str:
    """One problem in one line: path, what is wrong, what is expected."""
    words = problem.what(language)
    if problem.warns:
        words = f"[{REMARK(language)}] {words}"
    if problem.expected(language):
        words = f"{words} {EXPECTED(language, expected=problem.expected)}"
    return f"{problem.path}  {words}"


def describe(result: Result, language: Language) -> str:
    """One packet: its file, id, fate and case, then its problems."""
    name = shown(result.name, _NAME)
    identity = f"{name} ({result.key})" if result.key else name
    head = "  ".join(part for part in (identity, FATES[result.fate](language), result.ref) if part)
    return "\n".join(
        [head, *(f"    {problem_line(problem, language)}" for problem in result.problems)]
    )


def worth_telling(results: Iterable[Result]) -> list[Result]:
    """The packets about which there is something to say."""
    return [result for result in results if result.problems]


def as_text(results: Sequence[Result], total: int, language: Language) -> str:
    """The whole report for people."""
    parts = [describe(result, language) for result in results]
    return "\n".join([table(results, total, language), "", *parts]) + "\n"


def as_json(results: Sequence[Result], total: int) -> bytes:
    """The whole report for programs, in both languages."""
    return orjson.dumps(
        {
            "counts": counts(results, total),
            "packets": [
                {
                    "file": result.name,
                    "packet": result.key,
                    "result": result.fate.value,
                    "case": result.ref,
                    "signed_by": result.signed_by,
                    "problems": [
                        {
                            "path": problem.path,
                            "blocks": not problem.warns,
                            "what": {"zh": problem.what.zh, "en": problem.what.en},
                            "expected": {"zh": problem.expected.zh, "en": problem.expected.en},
                        }
                        for problem in result.problems
                    ],
                }
                for result in results
            ],
        },
        option=orjson.OPT_INDENT_2,
    )


def write(path: Path, results: Sequence[Result], total: int, language: Language) -> None:
    """Write the report; JSON when the name ends so, otherwise text in `language`.

    Raises ReportUnwritable.
    """
    as_data = path.suffix.lower() == ".json"
    content = as_json(results, total) if as_data else as_text(results, total, language).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ReportUnwritable(file=shown(path, _NAME), why=why) from error
