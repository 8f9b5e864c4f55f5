"""Filings made elsewhere that are unsound: told in words, in both languages, and not kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, select

from core import db
from core.access.actors import Actor
from core.errors import NotPermitted
from core.intake.run import PacketOutcome, opened
from core.model import Case, Employer, Registration
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.roles import Role
from tests import packets
from tests.intake_cases import NOW, Packet, everything, only, problem_at, take
from tests.packets import Writer

Change = Callable[[Packet, dict[str, bytes]], object]


def drop(group: str, key: str) -> Change:
    return lambda data, _files: data[group].pop(key)


def put(group: str, key: str, value: Any) -> Change:
    return lambda data, _files: data[group].update({key: value})


def top(key: str, value: Any) -> Change:
    return lambda data, _files: data.update({key: value})


def list_file(kind: str, file: str) -> Change:
    return lambda data, _files: data["files"].append({"kind": kind, "file": file})


def content(make: Callable[[bytes], bytes]) -> Change:
    def change(data: Packet, files: dict[str, bytes]) -> None:
        name = data["files"][0]["file"]
        files[name] = make(files[name])

    return change


def same_picture(data: Packet, files: dict[str, bytes]) -> None:
    files["again.jpg"] = files[data["files"][0]["file"]]
    data["files"].append({"kind": "other", "file": "again.jpg"})


def other_check_digit(data: Packet, _files: dict[str, bytes]) -> None:
    number = data["person"]["id_number"]
    data["person"]["id_number"] = number[:-1] + ("1" if number[-1] != "1" else "2")


def other_sex(data: Packet, _files: dict[str, bytes]) -> None:
    data["person"]["sex"] = "female" if data["person"]["sex"] == "male" else "male"


def no_province(data: Packet, _files: dict[str, bytes]) -> None:
    data["employer"].update(employer_province="月球", credit_code=Writer().credit_code("00"))


REFUSALS: list[tuple[str, Change, str, str, str]] = [
    ("missing", drop("person", "phone"), "$.person.phone", "缺少“手机号码”", "is missing"),
    ("unknown", put("person", "phonne", "1"), "$.person.phonne",
     "不认识的键“phonne”，是否为“phone”？", "did you mean “phone”?"),
    ("top key", top("secret", 1), "$.secret", "不认识的键“secret”", "Unknown key"),
    ("type", put("person", "name", 7), "$.person.name", "给的是整数", "is a whole number"),
    ("null", top("person", None), "$.person", "给的是空值 null", "is null"),
    ("empty", put("person", "name", "  "), "$.person.name", "“姓名”为空", "is empty"),
    ("long", put("person", "name", "长" * 61), "$.person.name", "61 个字符", "too long"),
    ("option", put("person", "sex", "男"), "$.person.sex", "不在可选项中", "not an option"),
    ("date", put("person", "graduated_on", "2010-02-30"), "$.person.graduated_on",
     "不是存在的日期", "is no date"),
    ("date form", put("person", "graduated_on", "2010/2/3"), "$.person.graduated_on",
     "写法不对", "not written correctly"),
    ("phone", put("person", "phone", "12"), "$.person.phone", "11位数字", "11 digits"),
    ("no digits", put("person", "phone", "--"), "$.person.phone", "“手机号码”为空", "is empty"),
    ("check digit", other_check_digit, "$.person.id_number", "校验位不符", "check digit"),
    ("sex", other_sex, "$.person.sex", "与身份证号所含的", "the ID number says"),
    ("birth", put("person", "born_on", "1950-05-05"), "$.person.born_on",
     "与身份证号所含的", "the ID number says"),
    ("credit code", put("employer", "credit_code", "123"), "$.employer.credit_code",
     "应为18位", "18 characters"),
    ("province", no_province, "$.employer.credit_code", "省份", "province"),
    ("control", put("person", "school", "a\u0000b"), "$.person.school",
     "控制字符", "control characters"),
    ("channel", top("channel", "desk"), "$.channel", "不在可选项中", "not an option"),
    ("profession", top("profession", "x"), "$.profession", "不在可选项中", "not an option"),
    ("profession's type", top("profession", []), "$.profession", "不在可选项中", "not an option"),
    ("business", top("business", "x"), "$.business", "不在可选项中", "not an option"),
    ("business alone", lambda data, _: (data.pop("profession"), data.update(business="x")),
     "$.profession", "缺少“注册类别”", "is missing"),
    ("id", top("packet", "a b"), "$.packet", "写法不对", "not written correctly"),
    ("promise", top("promise", False), "$.promise", "未作出个人承诺", "promise was not made"),
    ("conditions", top("conditions", [1]), "$.conditions", "只有 1 项", "only 1 items"),
    ("specialty", top("specialties", ["x"]), "$.specialties[0]", "不在可选项中", "an option"),
    ("specialties", top("specialties", ["water", "power", "mining"]), "$.specialties",
     "有 3 项，过多", "has 3 items"),
    ("twice", top("specialties", ["water", "water"]), "$.specialties", "重复", "twice"),
    ("moment", top("received_at", "2026-02-30T10:00"), "$.received_at",
     "时间不存在", "no such moment"),
    ("moment form", top("received_at", "10 March"), "$.received_at",
     "写法不对", "not written correctly"),
    ("future", top("received_at", "2026-03-12T09:00:01+08:00"), "$.received_at",
     "晚于现在", "after this moment"),
    ("order", top("reported_at", "2026-03-01T00:00"), "$.reported_at",
     "早于个人上报时间", "before the time of filing"),
    ("receipt order", top("received_at", "2026-03-08T00:00"), "$.received_at",
     "早于企业上报时间", "before the time of reporting"),
    ("nothing registered", top("business", "renewal"), "$.business",
     "注册库中没有", "register holds no"),
    ("no file", list_file("other", "gone.jpg"), "$.files[2].file",
     "找不到文件“gone.jpg”", "no file “gone.jpg”"),
    ("climbing", list_file("other", "../gone.jpg"), "$.files[2].file",
     "数据包文件夹之外", "out of the packet's folder"),
    ("absolute", list_file("other", "/etc/passwd"), "$.files[2].file",
     "数据包文件夹之外", "out of the packet's folder"),
    ("drive", list_file("other", "C:\\a.jpg"), "$.files[2].file",
     "数据包文件夹之外", "out of the packet's folder"),
    ("kind", list_file("x", "a.jpg"), "$.files[2].kind", "不在可选项中", "not an option"),
    ("material", lambda data, _: data["files"].pop(), "$.files",
     "缺少材料“手写签名”", "The material “Handwritten signature” is missing"),
    ("same file", lambda data, _: data["files"].append(
        {"kind": "other", "file": data["files"][0]["file"]}), "$.files[2].file",
     "同一个文件", "the same file"),
    ("same picture", same_picture, "$.files[2].file", "完全相同", "very same picture"),
    ("not a picture", content(lambda _: b"hello"), "$.files[0].file", "不是图片", "not a picture"),
    ("cut off", content(lambda data: data[: len(data) // 2]), "$.files[0].file",
     "不完整", "incomplete"),
    ("no bytes", content(lambda _: b""), "$.files[0].file", "文件为空", "empty"),
    ("too large", content(lambda data: data + bytes(600 * 1024)), "$.files[0].file",
     "超过上限 500 KB", "limit of 500 KB"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "path", "zh", "en"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_a_packet_with_a_fault_is_told_in_words_and_changes_nothing(
    sqlite_url: str,
    data_folder: Path,
    tmp_path: Path,
    change: Change,
    path: str,
    zh: str,
    en: str,
) -> None:
    engine = db.connect(sqlite_url)
    db.use(engine)
    try:
        data, files = Writer().packet()
        change(data, files)
        (tmp_path / "in").mkdir()
        for name, body in files.items():
            (tmp_path / "in" / name).write_bytes(body)
        (tmp_path / "in" / "case.json").write_bytes(orjson.dumps(data))
        before = everything(engine, data_folder)
        result = only(take(tmp_path / "in"))
        assert result.fate is PacketOutcome.FAILED
        problem = problem_at(result, path)
        assert zh in problem.what.zh
        assert en in problem.what.en
        assert everything(engine, data_folder) == before
    finally:
        db.use(None)
        engine.dispose()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "不是有效的 JSON：第 1 行"),
        ("{}".encode("utf-16"), "不是 UTF-8 编码"),
        (b"null", "应为对象"),
        (b"[]", "应为对象"),
        (b'{"packet": "a", "packet": "b"}', "出现了两次"),
        (b"[" * 100_000, "不是有效的 JSON"),
    ],
)
def test_a_file_that_is_no_packet_is_told_in_words(
    sqlite_url: str, tmp_path: Path, raw: bytes, words: str
) -> None:
    engine = db.connect(sqlite_url)
    db.use(engine)
    try:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "a.json").write_bytes(raw)
        result = only(take(tmp_path / "in"))
        assert result.fate is PacketOutcome.FAILED
        assert any(words in problem.what.zh for problem in result.problems)
    finally:
        db.use(None)
        engine.dispose()


def test_all_faults_of_a_packet_are_told_at_once(engine: Engine, tmp_path: Path) -> None:
    writer = Writer()
    first, files = writer.packet()
    packets.write(tmp_path / "first", first, files)
    take(tmp_path / "first")
    data, more = writer.packet()
    data["person"].update(
        id_number=first["person"]["id_number"], name="样不同", phone="5", born_on="1950-01-01"
    )
    data["received_at"] = "2030-01-01T00:00"
    data["files"][0]["file"] = "../x.jpg"
    packets.write(tmp_path / "in", data, more)
    paths = {problem.path for problem in only(take(tmp_path / "in")).problems}
    assert paths >= {
        "$.person.name",
        "$.person.phone",
        "$.person.born_on",
        "$.received_at",
        "$.files[0].file",
        "$.specialties",
    }


def test_every_problem_speaks_both_languages(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    data.update(person={"x": 1}, employer=[], channel="?", specialties=[1])
    packets.write(tmp_path / "in", data, files)
    for problem in only(take(tmp_path / "in")).problems:
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in problem.what.en)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in problem.expected.en)
        assert "{" not in problem.what.zh + problem.expected.zh


def test_another_name_for_a_known_document_number_is_refused(
    engine: Engine, data_folder: Path, tmp_path: Path
) -> None:
    writer = Writer()
    first, files = writer.packet()
    packets.write(tmp_path / "in", first, files)
    take(tmp_path / "in")
    data, more = writer.packet("architect")
    same = {key: first["person"][key] for key in ("id_number", "born_on", "sex")}
    data["person"].update(same, name="样不同")
    packets.write(tmp_path / "next", data, more)
    before = everything(engine, data_folder)
    result = only(take(tmp_path / "next"))
    assert first["person"]["name"] in problem_at(result, "$.person.name").what.zh
    assert everything(engine, data_folder) == before


def test_an_employer_that_is_not_verified_here_cannot_report(
    engine: Engine, data_folder: Path, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    with db.transaction() as session:
        session.add(
            Employer(
                name="演示停用有限公司",
                credit_code=data["employer"]["credit_code"],
                province="37",
                status=EmployerStatus.SUSPENDED.value,
                created_at=NOW,
            )
        )
    packets.write(tmp_path / "in", data, files)
    before = everything(engine, data_folder)
    problem = problem_at(only(take(tmp_path / "in")), "$.employer.credit_code")
    assert "已停用" in problem.what.zh
    assert everything(engine, data_folder) == before


def test_somebody_registered_already_cannot_file_a_first_registration(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    packets.write(tmp_path / "in", data, files)
    take(tmp_path / "in")
    with db.transaction() as session:
        case = session.scalars(select(Case)).one()
        session.add(
            Registration(
                profession=case.profession,
                specialty=case.specialty,
                person_id=case.person_id,
                employer_id=case.employer_id,
                person_name=case.person_name,
                number="37000001",
                status="active",
                first_registered_on=date(2025, 1, 1),
                valid_from=date(2025, 1, 1),
                valid_to=date(2027, 12, 31),
            )
        )
    packets.write(tmp_path / "next", {**data, "packet": "again"}, files)
    problem = problem_at(only(take(tmp_path / "next")), "$.business")
    assert "不能重复申报" in problem.what.zh


def test_only_those_who_may_take_in_from_outside_can(engine: Engine, tmp_path: Path) -> None:
    reviewer = Actor(1, "审查员", frozenset({Role.REVIEWER}))
    with pytest.raises(NotPermitted):
        opened(tmp_path, reviewer)


def test_material_needed_for_one_answer_only_is_asked_for_with_that_answer(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet("supervision", "cancellation")
    data["request"]["forced"] = "yes"
    packets.write(tmp_path / "in", data, files)
    result = only(take(tmp_path / "in"))
    assert "劳动仲裁裁决书" in problem_at(result, "$.files").what.zh
