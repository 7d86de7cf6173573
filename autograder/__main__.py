"""`python -m autograder` is the `autograder` command."""

from __future__ import annotations

from autograder.cli.app import main

main()
