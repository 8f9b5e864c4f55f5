"""`python -m dashboard`: the server, on REGDESK_ADDRESS and REGDESK_PORT."""

from __future__ import annotations

import argparse
import logging
import sys

from core.config import settings
from dashboard.server import ROOT, make_app


def main() -> None:
    """Start the server and stay until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument("--access-log", action="store_true", help="one line a request on stderr")
    options = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if options.access_log:
        logging.getLogger("regdesk.access").setLevel(logging.INFO)
    chosen = settings()
    # Streamlit looks for its settings and for imports beside the program; that place is the root of
    # the checkout, wherever the command was given.
    sys.argv = [str(ROOT / "regdesk")]
    print(f"RegDesk: http://{chosen.address}:{chosen.port}", flush=True)
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
