"""A writer in a process of its own, so that rows are made and written at the same time."""

from __future__ import annotations

import marshal
from multiprocessing import get_context
from multiprocessing.connection import Connection

from core.demo.writing import Rows, writer_for
from core.errors import CoreError
from core.text import Text

_DONE = "done"


class WriterFailed(CoreError):
    text = Text("写入数据库失败：{reason}", "Writing to the database failed: {reason}")


def _serve(url: str, rows: Connection) -> None:
    """Write what arrives; answers "done" after the commit, or what went wrong."""
    try:
        writer = writer_for(url)
        while isinstance(message := rows.recv_bytes(), bytes):
            content = marshal.loads(message)  # noqa: S302 from our own parent process
            if content is None:
                writer.commit()
                rows.send(_DONE)
                return
            writer.write(content)
    except EOFError:
        return  # the parent gave up; nothing was committed
    except Exception as error:
        rows.send(f"{type(error).__name__}: {error}")


class PipedWriter:
    """Hands rows to the writer for `url` in another process."""

    def __init__(self, url: str) -> None:
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(url, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def write(self, rows: Rows) -> None:
        """Send `rows` off and empty them; waits only while the other side is far behind."""
        self._send(marshal.dumps(rows))
        for values in rows.values():
            values.clear()

    def _send(self, message: bytes) -> None:
        try:
            self._ours.send_bytes(message)
        except (BrokenPipeError, ConnectionResetError):
            raise WriterFailed(reason=self._answer()) from None

    def _answer(self) -> str:
        try:
            return str(self._ours.recv())
        except (EOFError, ConnectionResetError):
            return "the writing process ended"

    def commit(self) -> None:
        """Have everything committed; returns when it is."""
        self._send(marshal.dumps(None))
        answer = self._answer()
        self._process.join()
        self._ours.close()
        if answer != _DONE:
            raise WriterFailed(reason=answer)

    def undo(self) -> None:
        """Forget everything written."""
        self._ours.close()
        self._process.terminate()
        self._process.join()
