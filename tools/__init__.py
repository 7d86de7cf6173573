"""What the project is measured and made with.

Run it from the project's root: `.venv/bin/python -m tools.NAME`.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The project's root, which is a course folder."""
FIGURES = ROOT / "docs" / "figures"
"""What was measured, as the pages of docs/ show it."""

sys.path.append(str(ROOT / "tests" / "support"))  # some use what tests use


def argument_parser(name: str, doc: str) -> argparse.ArgumentParser:
    """A parser of a tool's command line.

    Args:
        name: The tool's module.
        doc: Its docstring; the help shows the first line.
    """
    return argparse.ArgumentParser(f"python -m {name}", description=doc.splitlines()[0])
