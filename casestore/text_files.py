"""Reading a lender's CSV file, whatever its encoding, row by row."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from casestore.errors import ImportFailed


class BadRow(ValueError):
    """A row that can't be loaded. The message names the column and never repeats what stood in it."""


def read_texts(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str] | str]]:
    """Each row with its line number: its stripped texts by column, or the reason why it has none.

    Raises `ImportFailed` for a file that is unreadable, no CSV, or lacks one of `columns`.
    """
    reader = csv.DictReader(io.StringIO(_decode(path)), strict=True)
    try:
        _require_columns(reader.fieldnames or (), columns)
        for raw in reader:
            yield reader.line_num, _texts(raw)
    except csv.Error:
        raise ImportFailed(f"The file is no valid CSV near line {reader.line_num}.") from None


def _decode(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise ImportFailed(f"The file {path.name} can't be read.") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        # GB 18030 contains GBK and accepts nearly any bytes, so it comes last.
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportFailed("The file is neither UTF-8, UTF-16 nor GBK text.")


def _require_columns(found: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in found]
    if missing:
        raise ImportFailed(f"The file lacks the columns: {', '.join(missing)}.")


def _texts(raw: Mapping[str | None, object]) -> Mapping[str, str] | str:
    if None in raw or None in raw.values():
        return "the number of columns differs from the heading"
    return {str(column): str(value).strip() for column, value in raw.items()}
