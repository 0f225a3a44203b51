"""Reading a lender's CSV file, whatever its encoding and size, row by row."""

from __future__ import annotations

import codecs
import csv
import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from casestore.errors import ImportFailed

# No lender's line is longer (in characters); a file without line ends must not fill the memory.
MAX_LINE = 1_000_000

# Read at a time of a file that only its bytes are wanted of.
PART_BYTES = 2**20

# What programs write for a character that they could not keep.
LOST = "\ufffd"
NUL = "\0"

# Spreadsheet programs run a cell that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

# A row as it is told: its stripped texts by column, or the reason why it has none.
Texts = Mapping[str, str]


class BadRow(ValueError):
    """A row that can't be loaded. The message names the column and never repeats what stood in it."""


def sha256_of(path: Path) -> str:
    """The file's SHA-256, by which it is found again as what was loaded. Raises `ImportFailed`."""
    digest = hashlib.sha256()
    try:
        _require_file(path)
        with path.open("rb") as file:
            while part := file.read(PART_BYTES):
                digest.update(part)
    except OSError:
        raise ImportFailed(f"The file {path.name} can't be read.") from None
    return digest.hexdigest()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program could run the text: also after spaces, and with a full-width sign."""
    start = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return text.startswith(FORMULA_STARTS) or start.startswith(FORMULA_STARTS)


def read_texts(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Texts | str]]:
    """Each row with the line it begins in: its stripped texts by column, or the reason why it has none.

    The file is read to its end once before the first row is told, so that one which breaks off half-way
    changes nothing; a row at a time is in memory. Raises `ImportFailed` for a file that is unreadable, no
    CSV, or lacks one of `columns`.
    """
    try:
        _require_file(path)
        encoding = _encoding_of(path, columns)
        yield from _rows(path, encoding, columns)
    except OSError:
        raise ImportFailed(f"The file {path.name} can't be read.") from None


def _require_file(path: Path) -> None:
    if not path.is_file():
        # A pipe can't be read a second time.
        raise ImportFailed(f"The file {path.name} can't be read: there is no such file on a disk.")


def _encoding_of(path: Path, columns: Sequence[str]) -> str:
    """The first encoding in which the whole file can be read."""
    for encoding in _candidates(path):
        try:
            for _ in _rows(path, encoding, columns):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise ImportFailed("The file is neither UTF-8, UTF-16 nor GBK text. Save it as CSV in UTF-8.")


def _candidates(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        start = file.read(len(codecs.BOM_UTF8))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if start == codecs.BOM_UTF8:
        return ("utf-8-sig",)
    # GB 18030 contains GBK and accepts nearly any bytes, so it comes last.
    return ("utf-8", "gb18030")


def _rows(path: Path, encoding: str, columns: Sequence[str]) -> Iterator[tuple[int, Texts | str]]:
    with path.open(encoding=encoding, newline="") as file:
        heading: list[str] | None = None
        for line, cells in _records(file):
            if heading is None:
                heading = _heading(cells, columns)
            elif cells:
                yield line, cells if isinstance(cells, str) else _texts(heading, cells)
    if heading is None:
        _require_columns((), columns)


def _records(file: TextIO) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the line it begins in: its cells, or the reason why it can't be taken apart."""
    reader = csv.reader(_lines(file), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            if reader.line_num > line:
                # Where the record should have ended can't be known, nor which rows it swallowed.
                raise ImportFailed(
                    f"The file is no valid CSV: a quotation mark in line {line} is not closed, or what it "
                    "encloses is too long. Mend this line and import the file again."
                ) from None
            yield line, "a quotation mark is wrong, or a field is too long"


def _lines(file: TextIO) -> Iterator[str]:
    number = 0
    while text := file.readline(MAX_LINE):
        number += 1
        if len(text) == MAX_LINE:
            raise ImportFailed(f"The file is no valid CSV: line {number} is longer than any row can be.")
        yield text.replace(NUL, LOST)


def _heading(cells: list[str] | str, columns: Sequence[str]) -> list[str]:
    if isinstance(cells, str) or any(LOST in cell for cell in cells):
        raise ImportFailed("The file is no CSV text. Save it as CSV in UTF-8.")
    heading = [cell.strip() for cell in cells]
    _require_columns(heading, columns)
    twice = [column for column, count in Counter(heading).items() if column and count > 1]
    if twice:
        raise ImportFailed(f"The file has more than one column named {twice[0]}. Keep the right one.")
    return heading


def _require_columns(found: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in found]
    if missing:
        raise ImportFailed(
            f"The file lacks the columns: {', '.join(missing)}. "
            "Its first line must name the columns, with commas between them."
        )


def _texts(heading: Sequence[str], cells: Sequence[str]) -> Texts | str:
    if len(cells) != len(heading):
        return "the number of columns differs from the heading"
    if any(LOST in cell for cell in cells):
        return "a character was lost when the file was written"
    return {column: cell.strip() for column, cell in zip(heading, cells, strict=True)}
