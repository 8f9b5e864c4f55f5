"""Pictures over HTTP: served to whoever may see them, each reading logged, refusals in words."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from sqlalchemy import func, select

from core import db
from core.files import attachments
from core.files.copies import Altered
from core.files.headers import TooManyScans
from core.model import AccessLog
from tests.core.files import hostile
from tests.core.files.pictures import file_of, portrait
from tests.core.files.stored import a_picture, an_attachment
from tests.dashboard.live_server import Server


def filed(data: bytes, filename: str = "证件照.jpg") -> tuple[str, str]:
    """The address of a picture that was filed, and its hash."""
    with db.transaction() as session:
        attachment = an_attachment(session, data=data, filename=filename)
        return f"/files/{attachment.id}", attachment.sha256


def readings() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(AccessLog.id))) or 0


def test_a_picture_is_served_to_whoever_may_see_it_and_each_reading_logged(server: Server) -> None:
    data = a_picture()
    path, _ = filed(data)
    token, before = server.sign_in(), readings()
    answer = server.ask("GET", path, token=token)
    assert answer.status == 200
    assert Image.open(io.BytesIO(answer.body)).size == (600, 800)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-cache"
    tag = answer.headers["etag"]
    assert server.ask("GET", path, token=token, if_none_match=tag).status == 304
    small = server.ask("GET", f"{path}/thumb", token=token)
    assert small.status == 200
    assert small.headers["etag"] != tag
    assert len(small.body) < len(data)
    assert readings() == before + 2
    refused = [
        server.ask("GET", path, token=server.sign_in("analyst1")),
        server.ask("GET", "/files/987654", token=token),
        server.ask("GET", f"/files/{10**30}", token=token),
    ]
    assert {(each.status, each.text) for each in refused} == {(404, refused[0].text)}
    assert "未找到附件" in refused[0].text


def test_a_picture_is_drawn_anew_and_named_by_the_desk(server: Server) -> None:
    data = file_of(portrait(), "PNG") + hostile.HTML
    path, sha256 = filed(data, filename='"\r\nContent-Type: text/html;.html')
    token = server.sign_in()
    for address, kind in ((path, "png"), (f"{path}/thumb", "jpeg")):
        answer = server.ask("GET", address, token=token)
        assert hostile.HTML not in answer.body
        assert answer.headers["content-type"] == f"image/{kind}"
        assert answer.headers["content-disposition"].startswith('inline; filename="TEST-')
        ending = {"png": '.png"', "jpeg": '.jpg"'}[kind]
        assert answer.headers["content-disposition"].endswith(ending)
    # A browser that kept the original under an older desk is not told to go on using it.
    assert server.ask("GET", path, token=token, if_none_match=f'"{sha256}"').status == 200


def test_a_picture_that_cannot_be_shown_says_why_in_the_readers_language(server: Server) -> None:
    path, _ = filed(hostile.progressive(3_000))
    token, before = server.sign_in(), readings()
    for language, words in (("zh-CN", TooManyScans.text.zh), ("en", TooManyScans.text.en)):
        for address in (path, f"{path}/thumb"):
            answer = server.ask("GET", address, token=token, accept_language=language)
            assert answer.status == 422
            assert answer.headers["content-type"].startswith("text/plain")
            assert answer.headers["cache-control"] == "no-store"
            assert answer.text[:6] == words[:6]
    assert readings() == before, "what was not read is not logged as read"


def test_a_picture_that_was_exchanged_in_the_store_is_not_shown(server: Server) -> None:
    path, sha256 = filed(file_of(portrait(300, 400)))
    token = server.sign_in()
    assert server.ask("GET", path, token=token).status == 200
    attachments.path_of(sha256).write_bytes(a_picture("red"))
    for address in (path, f"{path}/thumb"):
        answer = server.ask("GET", address, token=token)
        assert (answer.status, answer.text) == (422, Altered.text.zh)
    attachments.path_of(sha256).unlink()
    assert server.ask("GET", path, token=token).status == 404


@pytest.mark.parametrize("size", ["", "/thumb"])
def test_many_who_ask_at_once_are_all_served(server: Server, size: str) -> None:
    path, sha256 = filed(file_of(Image.effect_noise((900, 1_200), 60).convert("RGB")))
    token = server.sign_in()
    with ThreadPoolExecutor(12) as pool:
        answers = list(
            pool.map(lambda _: server.ask("GET", f"{path}{size}", token=token), range(24))
        )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    beside = [each.name for each in attachments.path_of(sha256).parent.glob(f"{sha256}.*")]
    assert len(beside) == 1, beside
