"""Zips whose bytes change only with what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold; the same each time


def zip_files(files: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """Make a zip.

    Args:
        files: Contents by path.
        programs: Paths of those that can be run.

    Returns:
        The zip; the same files give the same bytes.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in programs else 0o100644) << 16
            zipped.writestr(entry, data)
    return archive.getvalue()
