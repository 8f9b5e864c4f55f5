"""Filings made elsewhere, taken in once on a real database, and told in reports."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image
from sqlalchemy import Engine, func, select

from core import catalogue, db
from core.access.actors import SYSTEM
from core.files import attachments, images, limited
from core.intake import report
from core.intake.run import PacketOutcome, opened, run
from core.intake.schema import packet_schema, text_of
from core.model import (
    Attachment,
    Case,
    Clock,
    Employer,
    Event,
    Person,
)
from core.vocabulary.cases import Status
from tests import packets
from tests.intake_cases import NOW, everything, history_holds, only, problem_at, take, the_case
from tests.packets import Writer

DOCS = Path(__file__).parents[3] / "docs"


# --- what is taken -------------------------------------------------------------------------------


def test_a_packet_lands_in_the_queue_with_its_clock_running_from_the_stated_receipt(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    packets.write(tmp_path / "in", data, files)
    result = only(take(tmp_path / "in"))
    assert (result.fate, result.problems) == (PacketOutcome.TAKEN, ())
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
        assert result.fate is PacketOutcome.TAKEN, result.problems
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
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN
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


def test_an_employer_seen_for_the_first_time_awaits_verification_by_its_province(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    data["employer"]["employer_province"] = "江苏"
    packets.write(tmp_path / "in", data, files)
    take(tmp_path / "in")
    with db.reading() as session:
        employer = session.scalars(select(Employer)).one()
    assert (employer.status, employer.verified_at) == ("unverified", None)
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
    assert [result.fate for result in take(tmp_path / "in")] == [PacketOutcome.TAKEN] * 2
    with db.reading() as session:
        employer = session.scalars(select(Employer)).one()
        forms = [case.form["employer_name"] for case in session.scalars(select(Case))]
    assert employer.name == first["employer"]["employer_name"]
    assert "演示改名有限公司" in forms


def test_what_is_longer_than_its_column_is_refused_in_words(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    data["employer"].update(
        employer_city="长" * 61, employer_name="\ufdfa" * 99, legal_rep="\ufdfa" * 60
    )
    data["person"]["name"] = "\ufdfa" * 60
    packets.write(tmp_path / "in", data, files)
    result = only(take(tmp_path / "in"))
    for path in ("employer.employer_city", "employer.employer_name", "employer.legal_rep"):
        assert "过长" in problem_at(result, f"$.{path}").what.zh
    assert "900 个字符" in problem_at(result, "$.person.name").what.zh


def test_the_longest_values_that_are_taken_are_kept_whole(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    data["employer"].update(employer_city="长" * 60, employer_name="演示" + "长" * 98)
    packets.write(tmp_path / "in", data, files)
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN
    with db.reading() as session:
        employer = session.scalars(select(Employer)).one()
    assert (employer.name, employer.city) == ("演示" + "长" * 98, "长" * 60)


def test_a_phone_photograph_is_kept_upright_and_an_odd_name_as_given(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    name = "照片/微信图片_2026 (1)…副本.JPEG"
    files[name] = packets.phone_photo()
    data["files"].append({"kind": "insurance_proof", "file": name})
    packets.write(tmp_path / "in", data, files)
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN
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
    assert result.fate is PacketOutcome.TAKEN
    words = " ".join(problem.what.zh for problem in result.problems)
    assert "应为宽295×高413像素，实际为宽300×高400像素" in words
    assert "后缀与内容（png）不符" in words
    assert all(problem.warns for problem in result.problems)


def test_with_a_provincial_stage_the_province_has_it_from_the_stated_receipt(
    engine: Engine, tmp_path: Path
) -> None:
    book = catalogue.current()
    profession = book.professions["supervision"]
    asked = replace(profession, parameters={**profession.parameters, "province_stage": True})
    with catalogue.installed(catalogue.extended(book, professions=[asked])):
        packets.write(tmp_path / "in", *Writer().packet())
        assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN
    with db.reading() as session:
        running = session.scalars(select(Clock)).one()
    assert (running.kind, running.started_on) == ("province", date(2026, 3, 10))
    assert the_case().status == Status.PROVINCE_PENDING


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
    assert (again.fate, again.ref) == (PacketOutcome.ALREADY, first.ref)
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
    assert result.fate is PacketOutcome.FAILED
    assert first.ref in problem_at(result, "$.packet").what.zh
    assert everything(engine, data_folder) == before


def test_a_stopped_intake_goes_on_where_it_was_without_looking_at_pictures_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer()
    for _ in range(4):
        packets.write(tmp_path / "in", *writer.packet())
    half = run(opened(tmp_path / "in", SYSTEM), NOW)
    assert [next(half).fate, next(half).fate] == [PacketOutcome.TAKEN] * 2
    half.close()
    looked: list[str] = []
    inspect = limited.inspect

    def counting(data: bytes, filename: str, **limits: int) -> images.ImageFacts:
        looked.append(filename)
        return inspect(data, filename, **limits)

    monkeypatch.setattr(limited, "inspect", counting)
    fates = [result.fate for result in take(tmp_path / "in")]
    assert fates == [PacketOutcome.ALREADY] * 2 + [PacketOutcome.TAKEN] * 2
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
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN


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
    assert fates == {PacketOutcome.TAKEN: 6, PacketOutcome.ALREADY: 6}
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
        PacketOutcome.TAKEN,
        PacketOutcome.FAILED,
        PacketOutcome.TAKEN,
    ]
    assert history_holds()


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
