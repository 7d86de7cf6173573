"""A real JupyterLab in a real browser: the server, and what people do there."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TOKEN = "not-secret"  # noqa: S105 - of a server that lives as long as a test
_SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"
_ERROR = "application/vnd.jupyter.error"
_SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false"},
}
_START_SECONDS, _STOP_SECONDS = 120, 15
SLOW = 300_000
"""Milliseconds that a kernel, with TensorFlow and training, may take."""


@dataclasses.dataclass(frozen=True)
class Server:
    """A JupyterLab that runs.

    Attributes:
        address: Its address, without the token.
        home: The folder that it shows.
        log: The file with what it prints.
        process: Its process, the leader of a process group.
    """

    address: str
    home: Path
    log: Path
    process: subprocess.Popen[bytes]

    def ask(self, path: str, **values: str) -> Any:
        """Call the server as its page does: post values, or get if there are none."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.address}/{path}",
            urllib.parse.urlencode(values).encode() if values else None,
            {"Authorization": f"token {TOKEN}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return json.load(answer)

    def press_ctrl_c(self) -> tuple[int, str]:
        """Interrupt it once, as its terminal would; its exit status and what it printed then."""
        before = self.log.read_text()
        os.killpg(self.process.pid, signal.SIGINT)
        status = self.process.wait(_START_SECONDS)
        return status, self.log.read_text().removeprefix(before)


@contextlib.contextmanager
def jupyterlab(home: Path, settings: Path) -> Iterator[str]:
    """Serve JupyterLab with nbgrader's extensions.

    Args:
        home: The folder that it shows; `nbgrader_config.py` is read from there.
        settings: A folder for its settings.

    Yields:
        Its address.
    """
    _write_settings(settings)
    command = [sys.executable, "-m", "jupyterlab", "--allow-root", f"--ServerApp.root_dir={home}"]
    environment = {"HOME": str(home), "JUPYTERLAB_SETTINGS_DIR": str(settings)}
    environment["TF_ENABLE_ONEDNN_OPTS"] = "0"
    with _serve(command, home, home, settings / "server.log", environment) as server:
        yield server.address


@contextlib.contextmanager
def autograder_lab(course: Path, person: Path, *, become: Sequence[str] = ()) -> Iterator[Server]:
    """Run `autograder lab` in a course folder.

    Args:
        course: The course folder.
        person: The home folder of the person who types the command.
        become: A command that runs another as somebody else.

    Yields:
        The running lab.
    """
    home = course / "lab"
    _write_settings(home / ".jupyter/lab/user-settings")
    command = [*become, sys.executable, "-m", "autograder", "lab", "--"]
    with _serve(command, course, home, person / "lab.log", {"HOME": str(person)}) as server:
        yield server


def _write_settings(folder: Path) -> None:
    for name, values in _SETTINGS.items():
        path = folder / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


@contextlib.contextmanager
def _serve(
    command: list[str],
    folder: Path,
    home: Path,
    log: Path,
    environment: dict[str, str],
) -> Iterator[Server]:
    """Run a server as in a terminal, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    keyboard, terminal = pty.openpty()
    with log.open("w") as file, os.fdopen(keyboard, "wb"), os.fdopen(terminal, "rb") as stdin:
        process = subprocess.Popen(  # noqa: S603 - of this environment
            [*command, *options, f"--IdentityProvider.token={TOKEN}"],
            cwd=folder,
            env={**os.environ, "PATH": path, **environment},
            stdin=stdin,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        try:
            server = Server(f"http://127.0.0.1:{port}", home, log, process)
            _wait_for(f"{server.address}/api/status?token={TOKEN}")
            yield server
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:  # kernels that train make it wait
                process.kill()
                process.wait()


def _wait_for(address: str) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except OSError:  # noqa: PERF203 - until it listens
            if time.monotonic() > until:
                raise
            time.sleep(0.2)  # nothing tells when a server listens
        else:
            return


def open_assignment_list(page: Page) -> None:
    """Choose Assignment List from the menu."""
    choose(page, "Nbgrader", "Assignment List")
    page.locator("#released_assignments_list").wait_for()


def choose(page: Page, name: str, *items: str) -> None:
    """Choose from the menu bar, through submenus if there are several items."""
    page.locator(".lm-MenuBar-itemLabel", has_text=name).first.click()
    for item in items:
        page.locator(".lm-Menu-itemLabel", has_text=item).first.click()


def open_notebook(page: Page, address: str, path: str) -> Notebook:
    """Open a notebook, by its path below the server's folder."""
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}&reset")
    return Notebook(page)


def use_theme(page: Page, name: str) -> None:
    """Choose a theme, such as "JupyterLab Dark", and wait until the page has it."""
    choose(page, "Settings", "Theme", name)
    page.locator(f"body[data-jp-theme-name='{name}']").wait_for(state="attached")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    page.keyboard.press("Escape")


def places(notebook: Path) -> dict[str, int]:
    """Where cells stand in a notebook, by their nbgrader ids."""
    cells = json.loads(notebook.read_text())["cells"]
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return {name: place for place, name in enumerate(ids) if name}


class Notebook:
    """The notebook that JupyterLab shows, once its kernel waits for cells.

    Args:
        page: The browser's page.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        page.wait_for_selector(f"{_SHOWN} .jp-Cell", timeout=SLOW)
        # The toolbar's indicator is idle before there is a kernel; without one, nothing restarts.
        page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=SLOW)

    @property
    def text(self) -> str:
        """All that the notebook shows."""
        return self._page.locator(f"{_SHOWN} .jp-Notebook").inner_text()

    @property
    def errors(self) -> int:
        """How many outputs JupyterLab shows as errors, on a red ground."""
        return self._page.locator(f"{_SHOWN} [data-mime-type='{_ERROR}']").count()

    def cell(self, number: int) -> Locator:
        """A cell by its place in the file, from 0."""
        return self._page.locator(f"{_SHOWN} .jp-Cell").nth(number)

    def write(self, number: int, source: str) -> None:
        """Type over a cell's source."""
        editor = self.cell(number).locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        self._page.keyboard.press("ControlOrMeta+a")
        self._page.keyboard.insert_text(source)

    def run(self, number: int) -> None:
        """Run a cell, and wait until it has run."""
        cell = self.cell(number)
        prompt = cell.locator(".jp-InputPrompt")
        before = re.sub(r"\D", "", prompt.inner_text())
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self._page.keyboard.press("ControlOrMeta+Enter")
        has_run = re.compile(rf"\[(?!{before}\])\d+\]") if before else re.compile(r"\[\d+\]")
        cell.locator(".jp-InputPrompt", has_text=has_run).wait_for(timeout=SLOW)

    def run_all(self) -> None:
        """Start a new kernel, run all cells, and wait until the last one has run."""
        self.cell(0).click()  # the menu acts on the notebook that has the focus
        choose(self._page, "Kernel", "Restart Kernel and Run All Cells…")
        self._page.locator(".jp-Dialog button", has_text="Restart").last.click()
        last = self._page.locator(f"{_SHOWN} .jp-CodeCell").last
        for prompt in (re.compile(r"\[\*\]"), re.compile(r"\[\d+\]")):  # it waits, it has run
            last.locator(".jp-InputPrompt", has_text=prompt).wait_for(timeout=SLOW)

    def save(self) -> None:
        """Save the file."""
        self._page.keyboard.press("Escape")
        self._page.keyboard.press("ControlOrMeta+s")
        self._page.wait_for_selector(".jp-mod-current.jp-mod-dirty", state="detached")
