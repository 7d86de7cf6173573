"""A real JupyterHub with users of its own, as docs/hub.md sets it up.

The users exist only for what runs in a mount namespace in which /etc/passwd is another file, so
root alone can make one. The files in docs/hub are used as they are, with other folders and ports.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.error import URLError

from courses import ROOT, copy_course

from autograder.course import Course

INSTRUCTOR, STUDENTS = "instructor", ("ada", "bob")
EXCHANGES = ("on_disk", "ngshare")
"""The files of docs/hub, without `exchange_`."""
_USERS = (INSTRUCTOR, *STUDENTS, "ngshare")
_FIRST_ID = 61_000
_ENTER = Path(__file__).with_name("enter_hub_machine.sh")
_ENVIRONMENT = ROOT / ".hub"
_DOCUMENTED = ROOT / "docs" / "hub"
MANAGE = str(_ENVIRONMENT / "bin/ngshare-course-management")
"""ngshare_exchange's command."""
_TOKEN = "not-secret-of-a-test"  # noqa: S105 - of a hub that lives as long as a test
_START_SECONDS = 300
_INSTALL = "no JupyterHub: make hub"
_FOR_THE_TEST = """
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = ["{node_modules}/.bin/configurable-http-proxy"]
c.JupyterHub.log_level = "WARN"
c.JupyterHub.tornado_settings = {{"slow_spawn_timeout": 0}}  # all servers start at once
c.Spawner.start_timeout = c.Spawner.http_timeout = {seconds}
c.Spawner.environment = {{"JUPYTER_CONFIG_PATH": "{config}"}}
c.JupyterHub.services.append({{"name": "test", "api_token": "{token}"}})
c.JupyterHub.load_roles = [{{
    "name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "tokens"],
}}]
"""


def why_not() -> str:
    """Why there can be no hub here, with the command that helps; "" if there can be."""
    if not (_ENVIRONMENT / ".installed").exists():
        return _INSTALL
    if shutil.which("node") is None:
        return "no Node.js, which the hub's proxy needs: apt-get install nodejs npm"
    if os.geteuid() != 0:
        return "a hub starts servers as other users: run it as root"
    tried = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "mount", "--bind", "/etc", "/etc"],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if tried.returncode != 0:
        return "no mount namespaces here, so no users of its own"
    return ""


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody with an account on the hub, and a token for it.

    Attributes:
        name: The user's name.
        home: The home folder.
        hub: The hub.
        token: What the hub takes in place of a password.
    """

    name: str
    home: Path
    hub: Hub
    token: str

    def ask(self, path: str, values: dict[str, Any] | None = None, *, method: str = "") -> Any:
        """Call the person's own server; post values, or get if there are none."""
        return self.hub.ask(f"/user/{self.name}/{path}", self.token, values, method=method)

    def assignments(self, action: str, assignment: str) -> dict[str, Any]:
        """Press a button of Assignment List: fetch, submit or fetch_feedback.

        Returns:
            The assignment as the list then shows it among those that were handed in; {} before.
        """
        answer = self.ask(
            f"assignments/{action}", {"course_id": self.hub.course_id, "assignment_id": assignment}
        )
        assert answer["success"], answer["value"]
        submitted = (row for row in answer["value"] if row["status"] == "submitted")
        return next((row for row in submitted if row["assignment_id"] == assignment), {})

    def hand_in(self, assignment: str, notebook: Path) -> None:
        """Save a notebook over the one that was fetched, and submit it."""
        content = json.loads(notebook.read_text())
        path = f"api/contents/{assignment}/{assignment}.ipynb"
        self.ask(path, {"type": "notebook", "content": content}, method="PUT")
        assert self.assignments("submit", assignment)["submissions"]

    def feedback(self, assignment: str) -> list[str]:
        """Fetch feedback, and open the reports that the list links; the newest first."""
        submissions = self.assignments("fetch_feedback", assignment)["submissions"]
        newest_first = sorted(submissions, key=lambda row: str(row["timestamp"]), reverse=True)
        folders = [row["local_feedback_path"] for row in newest_first if row["local_feedback_path"]]
        return [
            str(self.ask(f"api/contents/{folder}/{assignment}.html")["content"])
            for folder in folders
        ]

    def must_run(self, *command: str, token: str) -> None:
        """Run a command that must succeed, with a token of the hub's."""
        done = self.run(*command, JUPYTERHUB_API_TOKEN=token)
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the machine as this person, in the home folder."""
        return subprocess.run(  # noqa: S603 - the tests' own commands
            self.hub.command(self.name, command),
            cwd=self.home,
            env={**self.hub.environment(self.name), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @contextlib.contextmanager
    def watching(
        self, assignment: str, *, token: str = ""
    ) -> Iterator[Callable[[str, int], list[str]]]:
        """Run `autograder watch` in this person's course, as a service does.

        Args:
            assignment: The assignment.
            token: The hub's token in the service's environment; "" for none.

        Yields:
            A function that waits for lines that end so, and returns that many in order.
        """
        python = str(_ENVIRONMENT / "bin/python")
        options = [assignment, "--every", "0.5", "--workers", "1"]
        command = ["timeout", str(_START_SECONDS), python, "-m", "autograder", "watch", *options]
        with subprocess.Popen(  # noqa: S603 - as above
            self.hub.command(self.name, command),
            cwd=self.hub.course.root,
            env={**self.hub.environment(self.name), "JUPYTERHUB_API_TOKEN": token},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            output, lines = process.stdout, list[str]()

            def wait_for(ending: str, count: int) -> list[str]:
                answers: list[str] = []
                while len(answers) < count:
                    line = output.readline()
                    assert line, "".join(lines)
                    lines.append(line)
                    if line.rstrip().endswith(ending):
                        answers.append(line.strip())
                return sorted(answers)

            try:
                yield wait_for
            finally:
                process.terminate()
            last = output.read()
            assert process.wait() == 0, "".join(lines) + last
            assert last.endswith("answered.\n")


class Hub:
    """A JupyterHub with two students and an instructor, and what its machine needs.

    Attributes:
        course: The course, in the instructor's home.
        course_id: Its name in the exchange.
        exchange: The exchange on disk.
        hub_folder: What the hub keeps.
        ngshare_folder: What ngshare keeps.

    Args:
        folder: An empty folder, which everybody may enter.
    """

    course_id = "why-training-changes-weights"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.exchange = folder / "exchange"
        self.hub_folder = folder / "hub"
        self.ngshare_folder = folder / "ngshare"
        self._config = folder / "jupyter"
        self._hub_port, self._proxy_port, self._port, self._ngshare_port = _free_ports(4)
        self.course: Course
        self._people: dict[str, Person] = {}

    @property
    def log(self) -> str:
        """What the hub, its proxy and the servers printed."""
        return (self._folder / "hub.log").read_text()

    def __getitem__(self, name: str) -> Person:
        return self._people[name]

    def command(self, user: str, command: Sequence[str]) -> list[str]:
        """A command as a user of the hub's machine."""
        return [str(_ENTER), str(self._folder), user, f"{sys.base_prefix}:{ROOT}", *command]

    def environment(self, user: str) -> dict[str, str]:
        """What systemd gives to a service of a user, and where the test has /etc/jupyter."""
        home = str(self._home(user))
        paths = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        config = {"JUPYTER_CONFIG_PATH": str(self._config)}
        return {**paths, **config, "HOME": home, "USER": user, "LOGNAME": user}

    def make_token(self, name: str, *scopes: str) -> str:
        """A token of a person's that allows only so much."""
        values = {"note": "test", "scopes": scopes} if scopes else {"note": "test"}
        answer = self.ask(f"/hub/api/users/{name}/tokens", _TOKEN, values)
        return str(answer["token"])

    def use(self, exchange: str) -> None:
        """Configure nbgrader for an exchange."""
        self._install(f"exchange_{exchange}.py", self._config / "nbgrader_config.py")

    def ask(
        self, path: str, token: str, values: dict[str, Any] | None = None, *, method: str = ""
    ) -> Any:
        """Call the hub or a server behind it; None where the answer is empty."""
        text = self._open(path, token, values, method)
        return json.loads(text) if text else None

    def _open(
        self, path: str, token: str, values: dict[str, Any] | None = None, method: str = ""
    ) -> bytes:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{urllib.parse.quote(path, safe='/?=&:')}",
            None if values is None else json.dumps(values).encode(),
            {"Authorization": f"token {token}", "Content-Type": "application/json"},
            method=method or ("GET" if values is None else "POST"),
        )
        with urllib.request.urlopen(request, timeout=_START_SECONDS) as answer:  # noqa: S310
            text: bytes = answer.read()
        return text

    @contextlib.contextmanager
    def running(self) -> Iterator[Hub]:
        """Run the hub with a server for everybody, until the block ends."""
        self._make_machine()
        self._configure()
        path = f"{_ENVIRONMENT / 'bin'}:{os.environ['PATH']}"
        with (self._folder / "hub.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - JupyterHub
                self.command("root", ["jupyterhub", "-f", str(self.hub_folder / "config.py")]),
                cwd=self.hub_folder,
                env={"PATH": path, "LANG": "C.UTF-8"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                self._start_servers(process)
                yield self
            finally:
                process.terminate()
                process.wait(60)

    def _home(self, user: str) -> Path:
        return self._folder / "home" / user

    def _make_machine(self) -> None:
        """The users, their homes, and the folders of the exchanges, as docs/hub.md makes them."""
        for name in ("passwd", "group", "shadow"):
            shutil.copy(f"/etc/{name}", self._folder)
        for number, user in enumerate(_USERS, _FIRST_ID):
            home = self.ngshare_folder if user == "ngshare" else self._home(user)
            home.mkdir(mode=0o700, parents=True)
            lines = {
                "passwd": f"{user}:x:{number}:{number}::{home}:/bin/bash",
                "group": f"{user}:x:{number}:",
                "shadow": f"{user}:!:19000::::::",
            }
            for name, line in lines.items():
                with (self._folder / name).open("a") as file:
                    file.write(f"{line}\n")
        self._home(INSTRUCTOR).joinpath("course").mkdir()
        self.course = copy_course(self._home(INSTRUCTOR) / "course")
        self.exchange.mkdir()
        self.exchange.chmod(0o1777)

    def _configure(self) -> None:
        """Install the documented files, with the test's folders and ports."""
        self._config.mkdir()
        self.hub_folder.mkdir(mode=0o700)
        self.use(EXCHANGES[0])
        config = self._home(INSTRUCTOR) / ".jupyter/nbgrader_config.py"
        config.parent.mkdir()
        self._install("instructor.py", config)
        more = _FOR_THE_TEST.format(
            hub=self._hub_port,
            proxy=self._proxy_port,
            node_modules=_ENVIRONMENT / "node_modules",
            config=self._config,
            token=_TOKEN,
            seconds=_START_SECONDS,
        )
        self._install("jupyterhub_config.py", self.hub_folder / "config.py", more)
        for number, user in enumerate(_USERS, _FIRST_ID):
            home = self.ngshare_folder if user == "ngshare" else self._home(user)
            for path in (home, *home.rglob("*")):
                os.chown(path, number, number)

    def _install(self, name: str, to: Path, more: str = "") -> None:
        text = (_DOCUMENTED / name).read_text()
        for documented, ours in {
            "/srv/exchange": self.exchange,
            "/srv/ngshare": self.ngshare_folder,
            "/opt/ngshare": _ENVIRONMENT / "ngshare",
            "/home/instructor/course/.venv": _ENVIRONMENT,
            "127.0.0.1:8000": f"127.0.0.1:{self._port}",
            "127.0.0.1:10101": f"127.0.0.1:{self._ngshare_port}",
        }.items():
            text = text.replace(documented, str(ours))
        to.write_text(text + more)

    def _start_servers(self, process: subprocess.Popen[bytes]) -> None:
        def is_up() -> bool:
            assert process.poll() is None, self.log
            with contextlib.suppress(URLError):
                return bool(self.ask("/hub/api/", _TOKEN))
            return False

        names = (INSTRUCTOR, *STUDENTS)
        self._wait_for(is_up)
        for name in names:
            token = self.make_token(name)
            self._people[name] = Person(name, self._home(name), self, token)
            self.ask(f"/hub/api/users/{name}/server", token, {})
        for name in names:
            events = self._open(f"/hub/api/users/{name}/server/progress", _TOKEN).decode()
            assert '"ready": true' in events, self.log

    def _wait_for(self, happens: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not happens():
            assert time.monotonic() < deadline, self.log
            time.sleep(0.2)  # nothing tells when a server listens


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [taken.getsockname()[1] for taken in sockets]
