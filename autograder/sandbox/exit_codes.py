"""Exit codes of a submission's process that mean something."""

OUR_FAULT = 70
"""A failure before any student code has run (EX_SOFTWARE of sysexits.h)."""
