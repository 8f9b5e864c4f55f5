"""Pictures over HTTP: served to whoever may see them, and each reading logged."""

from __future__ import annotations

from sqlalchemy import select

from core import db
from core.model import AccessLog
from tests.core.files.stored import a_picture, an_attachment
from tests.dashboard.live_server import Server


def test_a_picture_is_served_to_whoever_may_see_it_and_each_reading_logged(server: Server) -> None:
    data = a_picture()
    with db.transaction() as session:
        attachment = an_attachment(session, data=data, filename='照片"\r\n.jpg')
    path, token = f"/files/{attachment.id}", server.sign_in()
    answer = server.ask("GET", path, token=token)
    assert (answer.status, answer.body) == (200, data)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("inline; filename*=utf-8''")
    assert answer.headers["cache-control"] == "private, no-cache"
    tag = answer.headers["etag"]
    assert tag == f'"{attachment.sha256}"'
    assert server.ask("GET", path, token=token, if_none_match=tag).status == 304
    small = server.ask("GET", f"{path}/thumb", token=token)
    assert small.status == 200
    assert len(small.body) < len(data)
    with db.reading() as session:
        assert len(session.scalars(select(AccessLog)).all()) == 2
    refused = [
        server.ask("GET", path, token=server.sign_in("analyst1")),
        server.ask("GET", "/files/987654", token=token),
        server.ask("GET", f"/files/{10**30}", token=token),
    ]
    assert {(each.status, each.body) for each in refused} == {(404, b"not found")}
