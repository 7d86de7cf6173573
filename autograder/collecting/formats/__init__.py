"""How each learning management system names what students handed in."""

from autograder.collecting.formats import brightspace, canvas, gradescope, moodle
from autograder.collecting.formats.naming import Format, read_archive

FORMATS = {
    form.lms: form for form in (canvas.FORMAT, moodle.FORMAT, brightspace.FORMAT, gradescope.FORMAT)
}
"""By the name that `--from` takes."""

__all__ = ["FORMATS", "Format", "read_archive"]
