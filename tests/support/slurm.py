"""Slurm on this machine, on loopback: munge, a controller and one node, ended with the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

from dask_cluster import free_port
from processes import wait_until
from typing_extensions import Self

_PROGRAMS = ("munged", "mungekey", "slurmctld", "slurmd", "sbatch", "sinfo")
INSTALL = "apt-get install slurmctld slurmd slurm-client munge"
_CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/controller.pid
SlurmdPidFile={folder}/node.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
MpiDefault=none
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs=8 RealMemory=32000
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def can_run_slurm() -> bool:
    """Whether its programs are here, and may be started."""
    return os.geteuid() == 0 and all(map(shutil.which, _PROGRAMS))


class Slurm:
    """A Slurm cluster of one node, which says that it has 8 cores; a context manager.

    Args:
        folder: For its state and logs; the path must be short, because a socket is in it.

    Attributes:
        environment: What its commands need in theirs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self.environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}

    def __enter__(self) -> Self:
        folder = self._folder
        with ExitStack() as stack:
            for name in ("state", "spool"):
                (folder / name).mkdir(parents=True)
            text = _CONFIGURATION.format(
                folder=folder,
                host=socket.gethostname().partition(".")[0],
                controller=free_port(),
                node=free_port(),
            )
            (folder / "slurm.conf").write_text(text)
            key, munge = folder / "munge.key", folder / "munge.socket"
            self.run("mungekey", "--create", f"--keyfile={key}")
            names = ("pid-file", "log-file", "seed-file")
            files = [f"--{name}={folder}/munge.{name}" for name in names]
            options = ("--foreground", "--force", f"--key-file={key}", f"--socket={munge}")
            self._start(stack, "munged", *options, *files)
            wait_until(munge.exists)
            self._start(stack, "slurmctld", "-D")
            self._start(stack, "slurmd", "-D")
            wait_until(lambda: "idle" in self.run("sinfo", "--noheader"))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.run("scancel", "--user=root")
        wait_until(lambda: not self.run("squeue", "--noheader"))
        self._stack.close()

    def run(self, *command: str, cwd: Path | None = None) -> str:
        """Run one of its commands; return what it prints."""
        done = subprocess.run(  # noqa: S603 - programs of the system's
            command, env=self.environment, cwd=cwd, capture_output=True, text=True, check=False
        )
        return done.stdout if done.returncode == 0 else ""

    def _start(self, stack: ExitStack, *command: str) -> None:
        with (self._folder / f"{command[0]}.log").open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)  # noqa: S603
        stack.callback(process.wait)
        stack.callback(process.terminate)
