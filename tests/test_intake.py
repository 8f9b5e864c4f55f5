"""Filings made elsewhere, sound and unsound, taken in on a real database."""

from __future__ import annotations

import random
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image
from sqlalchemy import Engine, func, select

from core import attachments, catalogue, clock, db, history
from core.errors import NotPermitted
from core.intake import report
from core.intake.problems import Problem
from core.intake.run import Fate, Result, opened, run
from core.intake.schema import packet_schema, text_of
from core.intake.source import NoSuchSource, NotAnArchive
from core.model import (
    Attachment,
    Base,
    Case,
    Clock,
    Employer,
    Event,
    Person,
    Registration,
)
from core.policy import SYSTEM, Actor
from core.rules import images
from core.vocabulary import EmployerStatus, Role, Status
from tests import packets
from tests.packets import Writer

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=clock.CHINA).astimezone(UTC)
DOCS = Path(__file__).parent.parent / "docs"

Packet = dict[str, Any]
Change = Callable[[Packet, dict[str, bytes]], object]


def take(path: Path, now: datetime = NOW) -> list[Result]:
    return list(run(opened(path, SYSTEM), now))


def only(results: list[Result]) -> Result:
    assert len(results) == 1
    return results[0]


def everything(engine: Engine, data_folder: Path) -> dict[str, int]:
    """Rows of every table and files of the store."""
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
        counts["head"] = (
            connection.scalar(select(func.sum(Base.metadata.tables["chain_heads"].c.seq))) or 0
        )
    store = data_folder / "attachments"
    counts["files"] = sum(path.is_file() for path in store.rglob("*")) if store.exists() else 0
    return counts


def the_case() -> Case:
    with db.reading() as session:
        return session.scalars(select(Case)).one()


def history_holds() -> bool:
    with db.reading() as session:
        return not list(history.verify(session))


def problem_at(result: Result, path: str) -> Problem:
    found = [problem for problem in result.problems if problem.path == path]
    assert found, f"nothing at {path}, only at {[problem.path for problem in result.problems]}"
    return found[0]


# --- what is taken -------------------------------------------------------------------------------


def test_a_packet_lands_in_the_queue_with_its_clock_running_from_the_stated_receipt(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    packets.write(tmp_path / "in", data, files)
    result = only(take(tmp_path / "in"))
    assert (result.fate, result.problems) == (Fate.TAKEN, ())
    case = the_case()
    assert case.ref == result.ref
    assert (case.status, case.channel) == (Status.RECEIVED, "mini_program")
    assert case.filed_at == datetime(2026, 3, 6, 12, 15, tzinfo=UTC)
    assert case.reported_at == datetime(2026, 3, 9, 2, 0, tzinfo=UTC), "no zone means China"
    assert case.received_at == datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    assert (case.clock, case.due_on) == ("acceptance", date(2026, 3, 17))
    with db.reading() as session:
        running = session.scalars(select(Clock)).one()
        assert (running.kind, running.started_on) == ("acceptance", date(2026, 3, 10))
        actions = session.scalars(
            select(Event.action).where(Event.case_id == case.id).order_by(Event.seq)
        ).all()
    assert actions == ["create", "file", "report", "transmit", "take_in"]
    assert history_holds()


@pytest.mark.parametrize(
    "pair", [key for key in catalogue.current().services if key[1] == "initial"]
)
def test_every_profession_can_be_taken_in(
    sqlite_url: str, tmp_path: Path, pair: tuple[str, str]
) -> None:
    db.use(db.connect(sqlite_url))
    try:
        packets.write(tmp_path / "in", *Writer().packet(*pair))
        result = only(take(tmp_path / "in"))
        assert result.fate is Fate.TAKEN, result.problems
    finally:
        db.engine().dispose()
        db.use(None)


def test_the_form_keeps_what_was_filed_and_identifiers_are_normalised(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    data["person"]["phone"] = "+86 199-0000-0001"
    data["person"]["name"] = " 阿卜杜拉·示一 "
    number = data["person"]["id_number"]
    data["person"]["id_number"] = f"{number[:6]} {number[6:]}"
    packets.write(tmp_path / "in", data, files)
    assert only(take(tmp_path / "in")).fate is Fate.TAKEN
    form = the_case().form
    assert (form["phone"], form["id_number"]) == ("19900000001", number)
    assert form["name"] == "阿卜杜拉·示一"
    with db.reading() as session:
        person = session.scalars(select(Person)).one()
    assert (person.id_number, person.name, person.name_key) == (
        number,
        "阿卜杜拉·示一",
        "阿卜杜拉示一",
    )


def test_an_unknown_employer_is_created_as_verified_by_the_portal(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    data["employer"]["employer_province"] = "江苏"
    packets.write(tmp_path / "in", data, files)
    take(tmp_path / "in")
    with db.reading() as session:
        employer = session.scalars(select(Employer)).one()
    assert (employer.status, employer.verification_method) == ("verified", "portal")
    assert (employer.province, the_case().province) == ("32", "32")


def test_a_known_employer_stays_as_it_is_and_the_form_keeps_the_difference(
    engine: Engine, tmp_path: Path
) -> None:
    writer = Writer()
    first, files = writer.packet()
    packets.write(tmp_path / "in", first, files)
    second, more = writer.packet()
    second["employer"] = {**first["employer"], "employer_name": "演示改名有限公司"}
    packets.write(tmp_path / "in", second, more)
    assert [result.fate for result in take(tmp_path / "in")] == [Fate.TAKEN] * 2
    with db.reading() as session:
        employer = session.scalars(select(Employer)).one()
        forms = [case.form["employer_name"] for case in session.scalars(select(Case))]
    assert employer.name == first["employer"]["employer_name"]
    assert "演示改名有限公司" in forms


def test_values_longer_than_a_column_do_not_stop_a_packet(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    data["employer"]["employer_city"] = "长" * 100
    data["employer"]["employer_name"] = "演示" + "长" * 98
    packets.write(tmp_path / "in", data, files)
    assert only(take(tmp_path / "in")).fate is Fate.TAKEN
    assert the_case().form["employer_city"] == "长" * 100


def test_a_phone_photograph_is_kept_upright_and_an_odd_name_as_given(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    name = "照片/微信图片_2026 (1)…副本.JPEG"
    files[name] = packets.phone_photo()
    data["files"].append({"kind": "insurance_proof", "file": name})
    packets.write(tmp_path / "in", data, files)
    assert only(take(tmp_path / "in")).fate is Fate.TAKEN
    with db.reading() as session:
        row = session.scalars(select(Attachment).where(Attachment.kind == "insurance_proof")).one()
    assert (row.width, row.height, row.filename) == (600, 800, name)
    assert attachments.path_of(row.sha256).read_bytes() == files[name]


def test_a_scan_with_the_wrong_ending_or_size_is_taken_with_a_remark(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    photo = data["files"][0]
    assert photo["kind"] == "photo"
    files[photo["file"]] = packets.png(Image.new("RGB", (300, 400), "white"))
    packets.write(tmp_path / "in", data, files)
    result = only(take(tmp_path / "in"))
    assert result.fate is Fate.TAKEN
    words = " ".join(problem.what.zh for problem in result.problems)
    assert "应为宽295×高413像素，实际为宽300×高400像素" in words
    assert "后缀与内容（png）不符" in words
    assert all(problem.warns for problem in result.problems)


def test_names_are_found_though_case_and_composition_differ(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    entry = data["files"][0]
    files["Cafe\u0301.JPG"] = files.pop(entry["file"])
    entry["file"] = ".\\Café.jpg"
    packets.write(tmp_path / "in", data, files)
    assert only(take(tmp_path / "in")).fate is Fate.TAKEN


def test_one_sub_folder_a_packet_is_read_too(engine: Engine, tmp_path: Path) -> None:
    writer = Writer()
    for index in range(3):
        packets.write(tmp_path / "in" / f"案卷{index}", *writer.packet())
    assert [result.fate for result in take(tmp_path / "in")] == [Fate.TAKEN] * 3


def test_with_a_provincial_stage_the_province_has_it_from_the_stated_receipt(
    engine: Engine, tmp_path: Path
) -> None:
    book = catalogue.current()
    profession = book.professions["supervision"]
    asked = replace(profession, parameters={**profession.parameters, "province_stage": True})
    with catalogue.installed(catalogue.extended(book, professions=[asked])):
        packets.write(tmp_path / "in", *Writer().packet())
        assert only(take(tmp_path / "in")).fate is Fate.TAKEN
    with db.reading() as session:
        running = session.scalars(select(Clock)).one()
    assert (running.kind, running.started_on) == ("province", date(2026, 3, 10))
    assert the_case().status == Status.PROVINCE_PENDING


# --- what is refused -----------------------------------------------------------------------------


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
        assert result.fate is Fate.FAILED
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
        assert result.fate is Fate.FAILED
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


# --- again, and going on -------------------------------------------------------------------------


def test_the_same_packet_twice_changes_nothing(
    engine: Engine, data_folder: Path, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    path = packets.write(tmp_path / "in", data, files)
    first = only(take(tmp_path / "in"))
    before = everything(engine, data_folder)
    path.write_bytes(orjson.dumps(data, option=orjson.OPT_SORT_KEYS))  # laid out anew
    again = only(take(tmp_path / "in"))
    assert (again.fate, again.ref) == (Fate.ALREADY, first.ref)
    assert everything(engine, data_folder) == before


@pytest.mark.parametrize("what", ["data", "picture"])
def test_a_known_id_with_other_content_is_refused(
    engine: Engine, data_folder: Path, tmp_path: Path, what: str
) -> None:
    data, files = Writer().packet()
    packets.write(tmp_path / "in", data, files)
    first = only(take(tmp_path / "in"))
    if what == "data":
        data["person"]["phone"] = "19900000009"
    else:
        files[data["files"][0]["file"]] = packets.jpeg(packets.drawing(random.Random(9), 295, 413))
    packets.write(tmp_path / "in", data, files)
    before = everything(engine, data_folder)
    result = only(take(tmp_path / "in"))
    assert result.fate is Fate.FAILED
    assert first.ref in problem_at(result, "$.packet").what.zh
    assert everything(engine, data_folder) == before


def test_a_stopped_intake_goes_on_where_it_was_without_looking_at_pictures_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer()
    for _ in range(4):
        packets.write(tmp_path / "in", *writer.packet())
    half = run(opened(tmp_path / "in", SYSTEM), NOW)
    assert [next(half).fate, next(half).fate] == [Fate.TAKEN] * 2
    half.close()
    looked: list[str] = []
    inspect = images.inspect

    def counting(data: bytes, filename: str, **limits: int) -> images.ImageFacts:
        looked.append(filename)
        return inspect(data, filename, **limits)

    monkeypatch.setattr(images, "inspect", counting)
    fates = [result.fate for result in take(tmp_path / "in")]
    assert fates == [Fate.ALREADY] * 2 + [Fate.TAKEN] * 2
    assert len(looked) == 2 * 2, "two pictures for each packet that was left"


def test_a_failure_in_the_last_moment_undoes_everything(
    engine: Engine, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packets.write(tmp_path / "in", *Writer().packet())
    before = everything(engine, data_folder)

    def full(_data: bytes) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(attachments, "store", full)
        with pytest.raises(Exception, match="No space left"):
            take(tmp_path / "in")
    assert everything(engine, data_folder) == before
    assert only(take(tmp_path / "in")).fate is Fate.TAKEN


def test_two_intakes_at_once_take_every_packet_once(engine: Engine, tmp_path: Path) -> None:
    writer = Writer()
    employer: dict[str, Any] = {}
    for _ in range(6):
        data, files = writer.packet()
        employer = employer or data["employer"]
        packets.write(tmp_path / "in", {**data, "employer": employer}, files)
    with ThreadPoolExecutor(2) as both:
        results = [*both.map(take, [tmp_path / "in"] * 2)]
    fates = Counter(result.fate for one in results for result in one)
    assert fates == {Fate.TAKEN: 6, Fate.ALREADY: 6}
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 6
        assert session.scalar(select(func.count()).select_from(Employer)) == 1
    assert history_holds()


def test_one_bad_packet_does_not_hold_up_the_others(engine: Engine, tmp_path: Path) -> None:
    writer = Writer()
    for index in range(3):
        data, files = writer.packet()
        data["packet"] = f"{index}"
        if index == 1:
            data["person"].pop("name")
        packets.write(tmp_path / "in", data, files)
    assert [result.fate for result in take(tmp_path / "in")] == [
        Fate.TAKEN,
        Fate.FAILED,
        Fate.TAKEN,
    ]
    assert history_holds()


# --- archives ------------------------------------------------------------------------------------


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def test_an_archive_is_read_like_a_folder(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    members = {f"批次/案卷一/{name}": body for name, body in files.items()}
    members["批次/案卷一/packet.json"] = orjson.dumps(data)
    members["__MACOSX/批次/._packet.json"] = b"x"
    assert only(take(zipped(tmp_path / "in.zip", members))).fate is Fate.TAKEN


def test_names_in_gbk_are_read_as_chinese(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    body = files.pop(data["files"][0]["file"])
    data["files"][0]["file"] = "照片.jpg"
    members = {**files, "packet.json": orjson.dumps(data), "@@@@.jpg": body}
    path = zipped(tmp_path / "in.zip", members)
    # As Chinese Windows writes it: GBK bytes, and no flag that says anything else.
    path.write_bytes(path.read_bytes().replace(b"@@@@.jpg", "照片.jpg".encode("gbk")))
    with zipfile.ZipFile(path) as archive:
        assert "照片.jpg" not in archive.namelist(), "by itself the library reads cp437"
    assert only(take(path)).fate is Fate.TAKEN


@pytest.mark.parametrize(
    "name", ["../outside.jpg", "/etc/outside.jpg", "a/../../outside.jpg", "..\\outside.jpg"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused_and_nothing_is_written(
    engine: Engine, data_folder: Path, tmp_path: Path, name: str
) -> None:
    data, files = Writer().packet()
    path = zipped(
        tmp_path / "in.zip",
        {**files, "packet.json": orjson.dumps(data), name: b"\xff\xd8\xff"},
    )
    results = take(path)
    assert [result.fate for result in results] == [Fate.FAILED, Fate.TAKEN]
    assert "绝对路径或“..”" in results[0].problems[0].what.zh
    assert not list(tmp_path.rglob("outside.jpg"))


def test_a_zip_bomb_is_refused_unread(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    files[data["files"][0]["file"]] = bytes(9 * 1024 * 1024)
    path = zipped(tmp_path / "in.zip", {**files, "packet.json": orjson.dumps(data)})
    bomb, packet = take(path)
    assert "压缩炸弹" in bomb.problems[0].what.zh
    assert packet.fate is Fate.FAILED
    assert "找不到文件" in problem_at(packet, "$.files[0].file").what.zh


def test_two_members_of_one_name_are_refused(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    path = zipped(tmp_path / "in.zip", {**files, "packet.json": orjson.dumps(data)})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("packet.json", b"{}")
    result = only(take(path))
    assert "同名文件" in result.problems[0].what.zh


def test_a_damaged_member_is_told_in_words(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    path = zipped(tmp_path / "in.zip", {**files, "packet.json": orjson.dumps(data)})
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(data["files"][0]["file"])
    raw[member.header_offset + 30 + len(member.filename.encode()) + 200] ^= 0xFF
    path.write_bytes(bytes(raw))
    result = only(take(path))
    assert result.fate is Fate.FAILED
    assert any(problem.path.startswith("$.files") for problem in result.problems)


def test_what_is_neither_folder_nor_archive_is_said_so(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NoSuchSource):
        opened(tmp_path / "gone", SYSTEM)
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    with pytest.raises(NotAnArchive):
        opened(tmp_path / "a.zip", SYSTEM)


def test_a_symbolic_link_is_not_followed(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    name = data["files"][0]["file"]
    (tmp_path / "outside.jpg").write_bytes(files.pop(name))
    packets.write(tmp_path / "in", data, files)
    (tmp_path / "in" / name).symlink_to(tmp_path / "outside.jpg")
    result = only(take(tmp_path / "in"))
    assert "找不到文件" in problem_at(result, "$.files[0].file").what.zh


# --- schema, report and documents ----------------------------------------------------------------


def test_the_schema_in_docs_is_the_generated_one() -> None:
    written = (DOCS / "packet.schema.json").read_text(encoding="utf-8")
    assert written == text_of(packet_schema(catalogue.BUILT_IN)), "run python -m core docs"


def test_the_documentation_names_every_key_of_a_packet() -> None:
    text = (DOCS / "intake.md").read_text(encoding="utf-8")
    for key in packet_schema(catalogue.BUILT_IN)["properties"]:
        assert f"`{key}`" in text, key


def test_a_profession_that_is_added_is_in_the_schema_at_once() -> None:
    book = catalogue.BUILT_IN
    service = replace(book.services["architect", "initial"], profession="painter")
    painter = replace(book.professions["architect"], key="painter")
    schema = packet_schema(catalogue.extended(book, professions=[painter], services=[service]))
    assert "painter.initial" in schema["$defs"]
    assert "painter" in schema["properties"]["profession"]["enum"]


def test_a_service_that_is_not_offered_is_refused_in_words(engine: Engine, tmp_path: Path) -> None:
    book = catalogue.current()
    data, files = Writer().packet()
    packets.write(tmp_path / "in", data, files)
    fewer = dict(book.services)
    del fewer["supervision", "initial"]
    with catalogue.installed(replace(book, services=fewer)):
        result = only(take(tmp_path / "in"))
    assert "不办理“初始注册”" in problem_at(result, "$.business").what.zh


def test_a_report_reads_as_text_and_as_json(engine: Engine, tmp_path: Path) -> None:
    writer = Writer()
    packets.write(tmp_path / "in", *writer.packet())
    data, files = writer.packet()
    data["person"].pop("phone")
    packets.write(tmp_path / "in", data, files)
    results = take(tmp_path / "in")
    report.write(tmp_path / "r.txt", results, 2, "zh")
    assert "$.person.phone  缺少“手机号码”。 应为：11 位手机号码" in (tmp_path / "r.txt").read_text(
        encoding="utf-8"
    )
    report.write(tmp_path / "r.json", results, 2, "zh")
    read = orjson.loads((tmp_path / "r.json").read_bytes())
    assert read["counts"] == {"taken": 1, "already": 0, "failed": 1, "left": 0, "total": 2}
    failed = next(item for item in read["packets"] if item["result"] == "failed")
    assert failed["problems"][0]["path"] == "$.person.phone"
