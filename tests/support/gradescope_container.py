"""A container as Gradescope runs an autograder in, made of what Linux itself has.

Its own root with `/autograder/{source,submission,results}`, no network, root with the capabilities
and the filter of system calls that Docker gives by default (no namespaces, no mounts), half a CPU
and 768 MB where control groups of version 1 can be made. Python and its libraries are this
machine's, mounted read-only. It is entered without touching the machine, by root alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import itertools
import json
import os
import shutil
import site
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.sandbox.kernel import seccomp, syscalls

DEFAULT_MB, DEFAULT_CORES = 768, 0.5
"""What Gradescope gives by default."""
_TOOLS = ("unshare", "pivot_root", "setpriv")
_ENTER = Path(__file__).with_name("enter_gradescope_container.sh")
_LOAD = Path(__file__).with_name("load_filter.py")
_GROUPS = Path("/sys/fs/cgroup")
_PERIOD = 100_000
_NO_NAMESPACES = ("unshare", "setns", "mount", "umount2", "pivot_root", "move_mount", "open_tree")
_NO_MOUNTS = ("fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "bpf", "perf_event_open")
_NO_LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
_CLONE3 = {"x86_64": 435, "aarch64": 435}


@dataclasses.dataclass(frozen=True)
class Ran:
    """What came of one run of a program in the container.

    Attributes:
        status: Its exit status.
        printed: Its standard output and error.
        results: The bytes of `results.json`; None if there is none.
        peak_mb: The most memory that the container used, in MiB; None if nothing counts it.
        seconds: How long it took.
    """

    status: int
    printed: str
    results: bytes | None
    peak_mb: int | None
    seconds: float

    @property
    def grade(self) -> dict[str, Any]:
        """The results, decoded."""
        assert self.results is not None, self.printed
        decoded: dict[str, Any] = json.loads(self.results)
        return decoded


def why_not() -> str:
    """Why there can be no container here, with the command that helps; "" if there can be."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root can make such a container"
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    return f"{missing[0]} is missing: apt-get install util-linux" if missing else ""


class Container:
    """A container with one package in it; each run begins with the same image.

    Args:
        folder: An empty folder for its root.
        package: The zip that an instructor uploads.
        memory_mb: Its memory.
        cores: How many cores it may use.
    """

    def __init__(
        self,
        folder: Path,
        package: Path,
        memory_mb: int = DEFAULT_MB,
        cores: float = DEFAULT_CORES,
    ) -> None:
        self.root = folder
        self._memory_mb, self._cores = memory_mb, cores
        self._runs = itertools.count()
        for name in ("source", "submission", "results"):
            (self.root / "autograder" / name).mkdir(parents=True)
        for name in ("opt", "tmp", "proc", "dev/shm", "sys/fs/cgroup", "harness", "root", ".old"):
            (self.root / name).mkdir(parents=True)
        (self.root / "tmp").chmod(0o1777)
        self._unpack(package)
        self._make_environment()

    def _unpack(self, package: Path) -> None:
        """Unpack the zip as Gradescope does, with the permissions in it."""
        source = self.root / "autograder/source"
        with zipfile.ZipFile(package) as zipped:
            zipped.extractall(source)
            for entry in zipped.infolist():
                (source / entry.filename).chmod(entry.external_attr >> 16 & 0o777)
        assert os.access(source / "setup.sh", os.X_OK)
        assert os.access(source / "run_autograder", os.X_OK)

    def _make_environment(self) -> None:
        """A Python environment where setup.sh looks for one, with this machine's libraries."""
        environment = self.root / "opt/autograder"
        venv.create(environment, symlinks=True)
        (packages,) = environment.glob("lib/python*/site-packages")
        (packages / "libraries.pth").write_text("".join(f"{p}\n" for p in site.getsitepackages()))

    def setup(self) -> Ran:
        """Run setup.sh, as Gradescope does when it builds the image."""
        return self._run("/autograder/source/setup.sh", landlock=True)

    def grade(
        self, files: Mapping[str, bytes], metadata: bytes | None = None, *, landlock: bool = True
    ) -> Ran:
        """Run run_autograder on a submission.

        Args:
            files: What was uploaded, by path.
            metadata: The bytes of `submission_metadata.json`; None leaves the file out.
            landlock: Whether the kernel has Landlock.
        """
        home = self.root / "autograder"
        for name in ("submission", "results"):
            shutil.rmtree(home / name)
            (home / name).mkdir()
        for name, data in files.items():
            (home / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            (home / "submission" / name).write_bytes(data)
        (home / "submission_metadata.json").unlink(missing_ok=True)
        if metadata is not None:
            (home / "submission_metadata.json").write_bytes(metadata)
        return self._run("/autograder/source/run_autograder", landlock=landlock)

    def _run(self, program: str, *, landlock: bool) -> Ran:
        began = time.monotonic()
        (self.root / "harness/filter").write_bytes(docker_filter(landlock=landlock))
        shutil.copy(_LOAD, self.root / "harness")
        with self._groups() as groups:
            done = subprocess.run(  # noqa: S603 - our own script
                ["/bin/bash", str(_ENTER), str(self.root), ":".join(_visible()), program],
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "GROUPS_TO_JOIN": ":".join(groups)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
                timeout=600,
            )
            peak = _peak_mb(groups)
        path = self.root / "autograder/results/results.json"
        return Ran(
            status=done.returncode,
            printed=done.stdout,
            results=path.read_bytes() if path.exists() else None,
            peak_mb=peak,
            seconds=time.monotonic() - began,
        )

    @contextlib.contextmanager
    def _groups(self) -> Iterator[list[str]]:
        """Control groups of version 1 that bound memory and CPU; none where they cannot be made."""
        name = f"gradescope-test-{os.getpid()}-{next(self._runs)}"
        settings = {
            "memory": {"memory.limit_in_bytes": self._memory_mb * 2**20},
            "cpu": {
                "cpu.cfs_period_us": _PERIOD,
                "cpu.cfs_quota_us": int(_PERIOD * self._cores),
            },
        }
        folders = []
        for controller, values in settings.items():
            folder = _own_group(controller) / name
            try:
                folder.mkdir()
            except OSError:
                continue
            folders.append(folder)
            for file, value in values.items():
                (folder / file).write_text(str(value))
        try:
            yield [str(folder) for folder in folders]
        finally:
            for folder in folders:
                _remove(folder)


def docker_filter(*, landlock: bool = True) -> bytes:
    """What Docker's default profile denies to a container without CAP_SYS_ADMIN, as far as we care.

    Source:
        moby's profiles/seccomp/default.json: `clone` with a flag of a new namespace and `unshare`
        fail with EPERM; `clone3` with ENOSYS, so that the C library uses `clone`.
    """
    number = {name: columns[0] for name, columns in syscalls._NUMBERS.items()}
    if syscalls.MACHINE == "aarch64":
        number = {name: columns[1] for name, columns in syscalls._NUMBERS.items()}
    program = seccomp._Program()
    program.load(seccomp._NR)
    for name in (*_NO_NAMESPACES, *_NO_MOUNTS):
        if number.get(name) is not None:
            program.jump(seccomp._EQUAL, number[name] or 0, "denied")
    for name in () if landlock else _NO_LANDLOCK:
        program.jump(seccomp._EQUAL, number[name] or 0, "unknown")
    program.jump(seccomp._EQUAL, _CLONE3[syscalls.MACHINE], "unknown")
    program.jump(seccomp._EQUAL, number["clone"] or 0, "", "allowed")
    program.load(seccomp._FIRST_ARGUMENT)
    program.jump(seccomp._ANY_BIT, syscalls.ALL_NAMESPACES, "denied")
    program.label("allowed")
    program.end(seccomp._ALLOW)
    program.label("denied")
    program.end(seccomp._ERRNO | errno.EPERM)
    program.label("unknown")
    program.end(seccomp._ERRNO | errno.ENOSYS)
    return program.assemble()


def _visible() -> Sequence[str]:
    """Folders of this machine that are mounted read-only at their own places."""
    system = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc")
    own = (sys.base_prefix, *site.getsitepackages())
    return [path for path in (*system, *own) if Path(path).exists()]


def _own_group(controller: str) -> Path:
    """This process's group in a hierarchy of version 1."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, place = line.split(":", 2)
        if controller in names.split(","):
            return _GROUPS / controller / place.lstrip("/")
    return _GROUPS / controller


def _peak_mb(groups: Sequence[str]) -> int | None:
    for group in groups:
        with contextlib.suppress(OSError):
            return int(Path(group, "memory.max_usage_in_bytes").read_text()) // 2**20
    return None


def _remove(folder: Path) -> None:
    """Remove a group once the kernel has counted its last process out."""
    deadline = time.monotonic() + 5
    while folder.exists() and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            folder.rmdir()
        time.sleep(0.01)
