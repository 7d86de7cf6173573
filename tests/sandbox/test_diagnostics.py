"""A layer that cannot be built is named, with what to do about it."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
from confined import inside

from autograder.errors import SandboxUnavailableError
from autograder.sandbox import diagnostics
from autograder.sandbox.kernel import landlock
from autograder.sandbox.tiers import FullTier


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("function", "number", "words", "tip"),
    [
        ("syscalls.unshare", errno.EPERM, "enter namespaces of its own", "user namespaces"),
        ("syscalls.unshare", errno.ENOSPC, "ENOSPC", "user.max_user_namespaces"),
        ("syscalls.mount", errno.EPERM, "build its private root", "systempaths=unconfined"),
        ("landlock.restrict", errno.EPERM, "use Landlock", "seccomp=unconfined"),
        ("seccomp.load", errno.EINVAL, "seccomp", "CONFIG_SECCOMP_FILTER"),
    ],
)
def test_layer_that_the_kernel_refuses_is_named_with_its_fix(
    function: str, number: int, words: str, tip: str
) -> None:
    """A refusal of the kernel names the layer, the errno and the setting that fixes it."""
    before = f"""
def refuse(*_arguments, **_named):
    raise OSError({number}, os.strerror({number}), "asked")
{function} = refuse
"""
    message, advice = inside("answer = 'ran'", before=before)
    assert words in message
    assert errno.errorcode[number] in message
    assert tip in advice


def test_kernel_without_landlock_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel too old for Landlock is refused at the start, with the version that is needed."""

    def missing() -> int:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), "landlock_create_ruleset")

    monkeypatch.setattr(landlock, "version", missing)
    with pytest.raises(SandboxUnavailableError, match=r"Landlock here: .*ENOSYS") as caught:
        FullTier.plan(())
    assert "Linux 5.13" in caught.value.tip


def test_other_system_than_linux_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another system than Linux the message says so, and the tip says where it runs."""
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailableError, match="needs Linux, and this is darwin"):
        FullTier.plan(())


def test_setting_that_forbids_namespaces_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tip names the kernel setting that is in the way, as this machine has it."""
    setting = tmp_path / "apparmor"
    setting.write_text("1\n", encoding="ascii")
    monkeypatch.setattr(diagnostics, "_SETTINGS", ((str(setting), b"1", "0"),))
    assert diagnostics.namespace_tip(errno.EPERM).endswith("apparmor=0.")
    setting.write_text("0\n", encoding="ascii")
    assert "seccomp=unconfined" in diagnostics.namespace_tip(errno.EPERM)
