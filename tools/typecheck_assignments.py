"""Type-check the modules of every assignment with mypy; exits with mypy's status.

mypy takes no folder whose name is not an identifier, such as `01-first-training`, for a package. So
this makes a temporary folder with one link per assignment, `assignment_01_first_training`, and
checks those packages with the project's configuration. Modules import those beside them by their
bare names, as notebooks do, so the folders themselves are on the search path too.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import ROOT


def main() -> int:
    """Check all assignments at once."""
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
    with tempfile.TemporaryDirectory() as name:
        places = [name, str(ROOT)]
        for folder in sorted((ROOT / "solutions").iterdir()):
            if (folder / "grading").is_dir():
                package = "assignment_" + re.sub(r"\W", "_", folder.name)
                Path(name, package).symlink_to(folder)
                command += ["--package", package]
                places.append(str(folder))
        environment = {**os.environ, "MYPYPATH": os.pathsep.join(places)}
        return subprocess.run(command, cwd=name, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
