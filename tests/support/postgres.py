"""A PostgreSQL server of the tests' own: its files in a temporary folder, on a loopback port."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType

from sqlalchemy import create_engine, text
from typing_extensions import Self

_PROGRAMS = ("initdb", "pg_ctl")
_UNPRIVILEGED = ("postgres", "nobody")
INSTALL = "no PostgreSQL: apt-get install postgresql"
"""Why tests are skipped where there is no server."""


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl: Debian does not put them on the path; None if absent."""
    on_path = shutil.which("pg_ctl")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(map(Path, glob.glob("/usr/lib/postgresql/*/bin")), reverse=True)  # noqa: PTH207
    return next((f for f in folders if all((f / name).exists() for name in _PROGRAMS)), None)


class PostgresServer:
    """A server that runs while the context lasts; PostgreSQL refuses to run as root.

    Attributes:
        port: Its port on 127.0.0.1, without a password.

    Args:
        programs: From `find_programs`.
        folder: An empty folder, in which any user may create files.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._data = folder / "data"
        self._log = folder / "server.log"
        self._names = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        self._run("initdb", "--no-sync", "--auth=trust", "--username=teacher", "-D", self._data)
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-h 127.0.0.1 -p {self.port} -k '' -F -c max_connections=40"
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", self._log, "-o", options)

    def stop(self) -> None:
        """Stop it as an administrator does who does not wait: open connections are ended."""
        self._run("pg_ctl", "stop", "-m", "fast", "-w", "-D", self._data)

    def create_database(self) -> str:
        """Create an empty database; return its URL, which nbgrader takes too."""
        self._names += 1
        name = f"gradebook_{self._names}"
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self._url(name)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://teacher@127.0.0.1:{self.port}/{database}"

    def dsn(self, database: str) -> str:
        """The address of a database for psycopg itself."""
        return f"host=127.0.0.1 port={self.port} user=teacher dbname={database}"

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs, as an ordinary user if we are root."""
        user = None
        if os.geteuid() == 0:
            known = {entry.pw_name for entry in pwd.getpwall()}
            user = next(name for name in _UNPRIVILEGED if name in known)
            shutil.chown(self._data.parent, user)
        done = subprocess.run(  # noqa: S603 - a program of the system's
            [self._programs / program, *arguments],
            user=user,
            extra_groups=() if user else None,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        log = self._log.read_text() if self._log.exists() else ""
        assert done.returncode == 0, f"{program} failed:\n{log}"
