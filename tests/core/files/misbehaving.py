"""A decoder that does what a picture might make one do; run by the tests of `limited`."""

from __future__ import annotations

import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.files import decoder


def burn(_data: bytes, _options: dict[str, Any]) -> decoder.Answer:
    while True:
        pass


def hang(_data: bytes, _options: dict[str, Any]) -> decoder.Answer:
    time.sleep(3600)
    return {}, b""


def hoard(_data: bytes, _options: dict[str, Any]) -> decoder.Answer:
    return {"facts": {"kept": len(bytearray(2_000_000_000))}}, b""


def crash(_data: bytes, _options: dict[str, Any]) -> decoder.Answer:
    os.abort()


def fail(_data: bytes, _options: dict[str, Any]) -> decoder.Answer:
    raise KeyError("unforeseen")


def babble(_data: bytes, _options: dict[str, Any]) -> decoder.Answer:
    return {"facts": {}, "refused": "SystemExit", "values": {"code": 0}}, b""


def steal(_data: bytes, options: dict[str, Any]) -> decoder.Answer:
    return {"facts": {"found": Path(options["path"]).read_text()}}, b""


def tell(_data: bytes, _options: dict[str, Any]) -> decoder.Answer:
    return {"facts": {"environment": sorted(os.environ)}}, b""


if __name__ == "__main__":
    decoder.CPU_SECONDS = 0
    decoder.TASKS |= {
        task.__name__: task for task in (burn, hang, hoard, crash, fail, babble, steal, tell)
    }
    decoder.serve(Connection(int(sys.argv[1])))
