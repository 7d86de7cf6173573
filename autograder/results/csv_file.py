"""A CSV file that another program exported: read it, and write it back as it was."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from pathlib import Path

from autograder.errors import CsvError

MAX_BYTES = 50 * 2**20
_BOM = b"\xef\xbb\xbf"
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)%?")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EXPORT_AGAIN = "Export it again as CSV in UTF-8, with a line of headings."


@dataclasses.dataclass
class CsvFile:
    """A table with headings.

    Attributes:
        path: Where it was read.
        headings: The first line's cells.
        rows: The other lines' cells, each as long as `headings`.
        delimiter: What separates cells.
        line_end: What ends a line.
        has_bom: Whether the file begins with a byte order mark, which tells Excel its encoding.
        lines: The number of the line that each row begins on.
    """

    path: Path
    headings: list[str]
    rows: list[list[str]]
    delimiter: str
    line_end: str
    has_bom: bool
    lines: list[int] = dataclasses.field(default_factory=list)

    def column(self, *names: str) -> int | None:
        """The position of the first of the headings that exists, whatever its case."""
        plain = [heading.strip().casefold() for heading in self.headings]
        return next(
            (plain.index(name.casefold()) for name in names if name.casefold() in plain), None
        )

    def cell(self, row: list[str], *names: str) -> str:
        """A row's value below the first of the headings that exists, or ""."""
        column = self.column(*names)
        return "" if column is None else row[column].strip()


def read_csv(path: Path) -> CsvFile:
    """Read a CSV file.

    Args:
        path: UTF-8 or UTF-16 text; cells are separated by commas, semicolons or tabs.

    Raises:
        CsvError: If it cannot be read as such.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise CsvError(f"{path} is too large for a class list.", _EXPORT_AGAIN)
        is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        encoding = "UTF-16" if is_utf16 else "UTF-8"
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
        first_line = text.lstrip("\r\n").partition("\n")[0]
        delimiter = max(",;\t", key=first_line.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        numbered, number = [], 1
        for row in reader:
            if row:
                numbered.append((number, row))
            number = reader.line_num + 1
    except OSError as error:
        raise CsvError(
            f"{path} cannot be read: {error.strerror}.", "Pass the file that the system exported."
        ) from error
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise CsvError(
            f"{path} is not text in {encoding}: line {number} has the byte 0x{byte:02X}.",
            'Save it in UTF-8; Excel calls this "CSV UTF-8".',
        ) from error
    except csv.Error as error:
        raise CsvError(f"{path} is not a CSV file: {error}.", _EXPORT_AGAIN) from error
    if not numbered:
        raise CsvError(f"{path} is empty.", _EXPORT_AGAIN)
    (_, headings), *numbered = numbered
    rows = [row for _, row in numbered]
    rows = [row + [""] * (len(headings) - len(row)) for row in rows]
    line_end = "\r\n" if "\r\n" in text else "\n"
    has_bom, lines = data.startswith(_BOM), [number for number, _ in numbered]
    return CsvFile(path, headings, rows, delimiter, line_end, has_bom, lines)


def csv_bytes(table: CsvFile) -> bytes:
    """The file's bytes; a cell that a spreadsheet would run as a formula gets an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.delimiter, lineterminator=table.line_end)
    for row in (table.headings, *table.rows):
        writer.writerow(map(escape_formula, row))
    return (_BOM if table.has_bom else b"") + text.getvalue().encode("utf-8")


def escape_formula(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers and a lone "-" stay.

    Source:
        OWASP, CSV Injection.
    """
    is_plain = cell == "-" or _NUMBER.fullmatch(cell.strip())
    is_formula = cell.startswith(_FORMULA_STARTS) and not is_plain
    return f"'{cell}" if is_formula else cell
