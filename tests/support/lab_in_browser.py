"""A real JupyterLab in a real browser: the server, and what people do there."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TOKEN = "not-secret"  # noqa: S105 - of a server that lives as long as a test
_SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false"},
}
_START_SECONDS, _STOP_SECONDS = 60, 15
SLOW = 120_000
"""Milliseconds that a kernel, with TensorFlow and training, may take."""


@contextlib.contextmanager
def jupyterlab(home: Path, settings: Path) -> Iterator[str]:
    """Serve JupyterLab with nbgrader's extensions.

    Args:
        home: The folder that it shows; `nbgrader_config.py` is read from there.
        settings: A folder for its settings.

    Yields:
        Its address.
    """
    for name, values in _SETTINGS.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.token={TOKEN}"]
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TF_ENABLE_ONEDNN_OPTS": "0",
    }
    with (settings / "server.log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - of this environment
            [*command, f"--ServerApp.root_dir={home}"],
            cwd=home,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api/status?token={TOKEN}")
            yield address
        finally:
            server.terminate()
            try:
                server.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:  # kernels that train make it wait
                server.kill()
                server.wait()


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


class Notebook:
    """A notebook that is open in JupyterLab.

    Args:
        page: The browser's page.
        address: Of the server.
        path: Of the notebook, below the server's folder.
    """

    def __init__(self, page: Page, address: str, path: str) -> None:
        self._page = page
        page.goto(f"{address}/lab/tree/{path}?token={TOKEN}&reset")
        page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=SLOW)
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=SLOW)

    def cell(self, number: int) -> Locator:
        """A cell by its place in the file, from 0."""
        return self._page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").nth(number)

    def write(self, number: int, source: str) -> None:
        """Type over a cell's source."""
        editor = self.cell(number).locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        self._page.keyboard.press("ControlOrMeta+a")
        self._page.keyboard.insert_text(source)

    def run_all(self) -> None:
        """Start a new kernel, run all cells, and wait until the last one has run."""
        self.menu("Kernel", "Restart Kernel and Run All Cells…")
        self._page.locator(".jp-Dialog button", has_text="Restart").last.click()
        last = self._page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").last
        for prompt in (re.compile(r"\[\*\]"), re.compile(r"\[\d+\]")):  # it waits, it has run
            last.locator(".jp-InputPrompt", has_text=prompt).wait_for(timeout=SLOW)

    def save(self) -> None:
        """Save the file."""
        self._page.keyboard.press("Escape")
        self._page.keyboard.press("ControlOrMeta+s")
        self._page.wait_for_selector(".jp-mod-current.jp-mod-dirty", state="detached")

    def menu(self, name: str, item: str) -> None:
        """Choose from the menu bar."""
        self._page.locator(".lm-MenuBar-itemLabel", has_text=name).first.click()
        self._page.locator(".lm-Menu-itemLabel", has_text=item).first.click()
