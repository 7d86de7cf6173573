"""Which paths of the machine a sandbox shows, and how they are mounted."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
from courses import ROOT

from autograder.sandbox.kernel import namespaces
from autograder.sandbox.tiers import visible_paths


def test_paths_through_links_keep_the_links_and_are_mounted_once(tmp_path: Path) -> None:
    """Links on the way are kept as links, and a tree within another is not mounted twice."""
    real = tmp_path.resolve()
    (real / "python-3" / "lib").mkdir(parents=True)
    (real / "current").symlink_to("python-3")
    (real / "venv").symlink_to(real / "current")
    plan = namespaces.plan_mounts((f"{real}/venv/lib", f"{real}/python-3"), 1)
    assert plan.trees == (f"{real}/python-3",)
    assert plan.links == (
        (f"{real}/current", "python-3"),
        (f"{real}/venv", f"{real}/current"),
    )


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    """Links that lead to each other end in an error, not a hang."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        namespaces.plan_mounts((str(tmp_path / "a"),), 1)


@pytest.mark.parametrize("path", ["/", "/proc/self", "/dev", "/usr/.."])
def test_path_of_the_whole_system_is_refused(path: str) -> None:
    """Neither the root nor a kernel's file system can be shown."""
    with pytest.raises(ValueError, match="cannot be mounted"):
        namespaces.plan_mounts((path,), 1)


def test_project_on_the_import_path_is_not_visible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of `sys.path` only site-packages is visible, so an editable install shows no project."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(packages), ""])
    visible = visible_paths()
    assert str(packages) in visible
    assert str(tmp_path) not in visible
    assert not any(Path(path) == ROOT or Path(path) in ROOT.parents for path in visible)
