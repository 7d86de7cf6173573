"""Coverage-guided fuzzing of everything that reads a stranger's bytes.

python -m tools.fuzz [SECONDS]    (make fuzz; default: 600)

Each reader gets an equal share of the time. An exception that is not ours, or more memory than
`MOST_MB` beyond the imports, ends the run with a failure and leaves the input in .fuzz/.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools import ROOT

try:
    import atheris
except ModuleNotFoundError:
    sys.exit("ERROR atheris is not installed; it needs Linux on x86-64 and Python 3.11 or later.")

with atheris.instrument_imports(include=["autograder"]):
    from autograder import wire
    from autograder.exercises.architecture import decode as decode_architecture
    from autograder.submissions import (
        cells_to_run,
        decode_text,
        display_notebook,
        parse_notebook,
        place_cells,
        read_notebook,
        script_cells,
        untouched_cells,
    )

from autograder.errors import AutograderError

NAME: Final = "01-first-training"
FINDINGS: Final = ROOT / ".fuzz"
SECONDS: Final = 600
MOST_MB: Final = 1024
LONGEST: Final = 65_536
NONCE: Final = bytes(16)

SOURCE: Final = read_notebook(ROOT / "solutions" / NAME / f"{NAME}.ipynb")
RELEASE: Final = read_notebook(ROOT / "assignments" / NAME / f"{NAME}.ipynb")


def frame(data: bytes) -> None:
    """A reply as it comes through the pipe."""
    wire.unframe(NONCE, data)


def payload(data: bytes) -> None:
    """What a frame holds."""
    wire.decode(data)


def architecture(data: bytes) -> None:
    """A model's description."""
    decode_architecture(wire.decode(data))


def notebook(data: bytes) -> None:
    """A submitted notebook, up to the cells that are run."""
    placed = place_cells(parse_notebook(data), SOURCE, RELEASE)
    untouched_cells(placed, RELEASE)
    display_notebook(placed, SOURCE, RELEASE)
    list(cells_to_run(placed, SOURCE))


def script(data: bytes) -> None:
    """A submitted Python file."""
    list(script_cells(decode_text(data), SOURCE))


READERS: Final[dict[str, Callable[[bytes], None]]] = {
    reader.__name__: reader for reader in (frame, payload, architecture, notebook, script)
}


def seeds(folder: Path) -> None:
    """Write inputs to start from: what honest submissions send and hand in."""
    folder.mkdir(parents=True, exist_ok=True)
    value = {
        "observed": {"training": {"epochs_run": 1, "reported": {"loss": [0.5, None]}}},
        "errors": {},
        "cell_errors": {},
    }
    dense = {"kind": "Dense", "units": 2, "activation": "relu"}
    conv = {"kind": "Conv2D", "filters": 2, "kernel_size": [3, 3], "padding": "same"}
    model = {"input_shape": [8, 8, 1], "layers": [conv, {"kind": "Flatten"}, dense]}
    bare = '{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": '
    for number, data in enumerate(
        (
            wire.frame(NONCE, wire.encode(value)),
            wire.encode(value),
            wire.encode(model),
            (ROOT / "assignments" / NAME / f"{NAME}.ipynb").read_bytes(),
            (bare + '"compile_model"}}, "source": ["def compile_model(model):"]}]}').encode(),
            b"# %%\ndef compile_model(model):\n    pass\n# In[2]:\n",
        )
    ):
        (folder / str(number)).write_bytes(data)


def fuzz_one(name: str, seconds: int) -> None:
    """Fuzz one reader in this process, which ends with the run."""
    reader = READERS[name]
    imports_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    def read(data: bytes) -> None:
        try:
            reader(data)
        except AutograderError:
            return  # ours, with a message for the person who meets it

    corpus = FINDINGS / f"corpus-{name}"
    seeds(corpus)
    options = [
        f"-max_total_time={seconds}",
        f"-rss_limit_mb={imports_mb + MOST_MB}",
        f"-max_len={LONGEST}",
    ]
    options += [f"-artifact_prefix={FINDINGS}/{name}-", "-print_final_stats=1", "-timeout=10"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], read)
    atheris.Fuzz()


def main() -> None:
    """Fuzz every reader in a process of its own, or the one that is named."""
    if len(sys.argv) == 3:
        fuzz_one(sys.argv[1], int(sys.argv[2]))
    total = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    for name in READERS:
        print(f"{name}: {total // len(READERS)} seconds", flush=True)
        command = [sys.executable, "-m", "tools.fuzz", name, str(total // len(READERS))]
        if os.spawnv(os.P_WAIT, command[0], command) != 0:
            sys.exit(f"{name} fails; the input is in {FINDINGS}/")


if __name__ == "__main__":
    main()
