"""`python -m dashboard`: the server, on REGDESK_ADDRESS and REGDESK_PORT."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
from typing import Any

from streamlit.web.server.starlette import starlette_server

from core.commandline import streams
from core.config import Unusable, settings, stated_language
from dashboard.bodies import LARGEST_MESSAGE
from dashboard.deadlines import Deadlines
from dashboard.server import ROOT, make_app


def send_at_once() -> None:
    """Make Streamlit's listening socket send small messages without waiting (TCP_NODELAY).

    Streamlit binds it without naming the protocol, so asyncio never sets the option, and every run
    waits some 40 ms for the browser's acknowledgement. Measured by `make bench`; without the
    function of that name the server works as before, only slower.
    """
    bind = getattr(starlette_server, "_bind_socket", None)
    if bind is None:
        return

    def bound(address: str, port: int, backlog: int) -> socket.socket:
        listening: socket.socket = bind(address, port, backlog)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening

    starlette_server._bind_socket = bound


def bound_clients() -> None:
    """Give Streamlit's server our protocol, with its deadlines, and a limit on what pages are sent.

    Streamlit has a setting for neither: it takes 200 MB in one message of a websocket. Without the
    function of that name there would be no server, rather than one without limits.
    """
    defaults = starlette_server._get_uvicorn_config_kwargs

    def limited() -> dict[str, Any]:
        return defaults() | {"http": Deadlines, "ws_max_size": LARGEST_MESSAGE}

    starlette_server._get_uvicorn_config_kwargs = limited


def main() -> None:
    """Start the server and stay until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument("--access-log", action="store_true", help="one line a request on stderr")
    options = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if options.access_log:
        logging.getLogger("regdesk.access").setLevel(logging.INFO)
    try:
        chosen = settings()
    except Unusable as error:
        print(streams.visible(error.message(stated_language())), file=sys.stderr)
        sys.exit(2)
    # Uvicorn believes proxies on the same machine unless told otherwise, and would take any address
    # that a local program makes up.
    os.environ["FORWARDED_ALLOW_IPS"] = ",".join(chosen.trusted_proxies)
    # Streamlit looks for its settings and for imports beside the program; that place is the root of
    # the checkout, wherever the command was given.
    sys.argv = [str(ROOT / "regdesk")]
    print(f"RegDesk: http://{chosen.address}:{chosen.port}", flush=True)
    send_at_once()
    bound_clients()
    make_app().run(
        config={
            "server.address": chosen.address,
            "server.port": chosen.port,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
            "client.showErrorDetails": "none",
            "logger.hideWelcomeMessage": True,
        }
    )


if __name__ == "__main__":
    main()
