"""A Dask cluster whose machines share no disk, and whose links can be cut.

As root each machine is a process with network and mount namespaces of its own: a virtual cable
leads to the hub, where the scheduler and the client run, and its /tmp and /dev/shm are its own.
Elsewhere all are processes on loopback.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from commands import COMMAND
from distributed.security import Security
from typing_extensions import Self

PORT = 8786
_DASK = [sys.executable, "-m"]
_TIMEOUTS = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s"}
"""How soon a cut link is noticed; Dask takes no less than 11 seconds."""
_WAIT = "import sys; sys.stdin.read()"


def can_isolate() -> bool:
    """Whether machines can have networks of their own here."""
    tools = all(shutil.which(tool) for tool in ("ip", "unshare", "nsenter", "mount"))
    return os.geteuid() == 0 and tools and _succeeds("unshare", "--net", "--mount", "true")


def write_certificates(folder: Path) -> None:
    """Write an authority, and a certificate by it with its key, as `--tls` reads them."""
    made = Security.temporary()
    folder.mkdir()
    for name, text in (
        ("ca.pem", made.tls_ca_file),
        ("cert.pem", made.tls_client_cert),
        ("key.pem", made.tls_client_key),
    ):
        assert isinstance(text, str)
        (folder / name).write_text(text)


class Machine:
    """One machine of the cluster.

    Attributes:
        root: What it sees as "/".
        address: Its address.
    """

    def __init__(self, cluster: DaskCluster, number: int) -> None:
        self._cluster = cluster
        self._number = number
        self._holder = _hold(mounts=True) if cluster.isolated else None
        self.address = f"10.99.{number}.2" if cluster.isolated else "127.0.0.1"
        self.root = Path("/")
        self._enter: list[str] = []
        if self._holder is not None:
            self.root = Path(f"/proc/{self._holder.pid}/root")
            self._enter = _enter(self._holder.pid, "--mount")
            for place in ("/tmp", "/dev/shm"):  # noqa: S108 - in the machine's own namespace
                _run(*self._enter, "mount", "-t", "tmpfs", "tmpfs", place)
            cluster.connect(self._holder.pid, number)
        self.process = cluster.start(
            self._enter,
            "distributed.cli.dask_worker",
            cluster.address_for(number),
            *("--host", self.address, "--nthreads", "1", "--no-nanny"),
            *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
            *("--memory-limit", "0", "--local-directory", str(cluster.scratch(number))),
        )

    def kill(self) -> None:
        """Let the worker end without a word."""
        self.process.kill()

    def cut(self) -> None:
        """Unplug its cable."""
        _run(*self._cluster.enter, "ip", "link", "set", f"m{self._number}", "down")

    def close(self) -> None:
        """Switch it off."""
        self.process.kill()
        self.process.wait()
        if self._holder is not None:
            _end(self._holder)


class DaskCluster:
    """A scheduler with TLS, to which machines are added; a context manager.

    Args:
        folder: For certificates, logs and scratch files.
        isolated: Whether machines have networks of their own; default: if they can.

    Attributes:
        tls: The folder of certificates.
        isolated: Whether machines have networks of their own.
        enter: A command that runs another one on the hub.
    """

    def __init__(self, folder: Path, *, isolated: bool | None = None) -> None:
        self._folder = folder
        self.tls = folder / "tls"
        self.isolated = can_isolate() if isolated is None else isolated
        self.enter: list[str] = []
        self._stack = ExitStack()
        self._machines = 0
        self.port = PORT

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            write_certificates(self.tls)
            if self.isolated:
                hub = _hold(mounts=False)
                stack.callback(_end, hub)
                self._hub = hub.pid
                self.enter = _enter(hub.pid)
                _run(*self.enter, "ip", "link", "set", "lo", "up")
            else:
                self.port = free_port()
            self._stack = stack
            self.start_scheduler()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def start_scheduler(self) -> None:
        """Start the scheduler; again, after it was killed."""
        self.scheduler = self.start(
            self.enter,
            "distributed.cli.dask_scheduler",
            *("--host", "tls://0.0.0.0", "--port", str(self.port)),
            *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
        )
        self._stack.callback(self.scheduler.wait)
        self._stack.callback(self.scheduler.kill)

    @property
    def address(self) -> str:
        """The scheduler's address, as the client has it."""
        return f"tls://127.0.0.1:{self.port}"

    def address_for(self, number: int) -> str:
        """The scheduler's address, as a machine has it."""
        host = f"10.99.{number}.1" if self.isolated else "127.0.0.1"
        return f"tls://{host}:{self.port}"

    def scratch(self, number: int) -> Path:
        """Where a machine's worker writes."""
        return Path(f"/tmp/worker-{number}") if self.isolated else self._folder / f"w{number}"  # noqa: S108

    def add(self) -> Machine:
        """Add a machine with a worker."""
        self._machines += 1
        machine = Machine(self, self._machines)
        self._stack.callback(machine.close)
        return machine

    def connect(self, process: int, number: int) -> None:
        """Lay a cable from the hub to a machine."""
        cable = ("ip", "link", "add", f"m{number}", "netns", str(self._hub), "type", "veth")
        _run(*cable, "peer", "name", "hub", "netns", str(process))
        _run(*_enter(process), "ip", "link", "set", "lo", "up")  # the dashboard listens there
        ends = ((self.enter, f"m{number}", 1), (_enter(process), "hub", 2))
        for enter, name, end in ends:
            _run(*enter, "ip", "address", "add", f"10.99.{number}.{end}/30", "dev", name)
            _run(*enter, "ip", "link", "set", name, "up")

    def grade(self, folder: Path, *arguments: str) -> subprocess.Popen[str]:
        """Start `autograder grade` on the cluster, from a course folder on the hub."""
        cluster = ("--scheduler", self.address, "--tls", str(self.tls))
        return subprocess.Popen(  # noqa: S603 - our own command
            [*self.enter, *COMMAND, "grade", *arguments, *cluster],
            cwd=folder,
            env={**os.environ, **_TIMEOUTS},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, enter: list[str], module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program of Dask's."""
        tls = [
            *("--tls-ca-file", str(self._certificate(enter, "ca.pem"))),
            *("--tls-cert", str(self._certificate(enter, "cert.pem"))),
            *("--tls-key", str(self._certificate(enter, "key.pem"))),
        ]
        log = (self._folder / f"{module}-{self._machines}.log").open("wb")
        with log:
            return subprocess.Popen(  # noqa: S603 - as above
                [*enter, *_DASK, module, *arguments, *tls],
                cwd="/",
                env={**os.environ, **_TIMEOUTS},
                stdout=log,
                stderr=log,
            )

    def _certificate(self, enter: list[str], name: str) -> Path:
        """A certificate's path on a machine, which has its own copy."""
        if not self.isolated or enter == self.enter:
            return self.tls / name
        there = Path("/tmp") / name  # noqa: S108 - the machine's own
        _run(*enter, "tee", str(there), data=(self.tls / name).read_bytes())
        return there


def _hold(*, mounts: bool) -> subprocess.Popen[bytes]:
    """A process that keeps namespaces of its own alive."""
    kinds = ["--net", *(["--mount"] if mounts else [])]
    process = subprocess.Popen(  # noqa: S603 - as above
        ["unshare", *kinds, sys.executable, "-c", f"print(flush=True); {_WAIT}"],  # noqa: S607
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and close its pipes."""
    process.kill()
    process.communicate()


def _enter(process: int, *more: str) -> list[str]:
    return ["nsenter", f"--target={process}", "--net", *more]


def _run(*command: str, data: bytes | None = None) -> None:
    subprocess.run(command, check=True, capture_output=True, input=data)  # noqa: S603 - as above


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port
