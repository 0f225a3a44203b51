"""A lender's CSV file: whatever wrote it, it is read row by row, or refused before the first row is told."""

from __future__ import annotations

import codecs
import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from casestore.errors import ImportFailed
from casestore.text_files import MAX_LINE, Texts, read_texts

COLUMNS = ("number", "name")
GOOD = "1,王秀兰"
TOLD = {"number": "1", "name": "王秀兰"}


def rows_of(folder: Path, content: bytes | str) -> list[tuple[int, Texts | str]]:
    """The rows of a file with this content."""
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_texts(path, COLUMNS))


def zipped() -> bytes:
    """What a spreadsheet program saves as .xlsx: a ZIP archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<c>number</c><c>name</c>" * 200)
    return content.getvalue()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "gbk"),
        (b"", "gb18030"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_every_usual_encoding_and_line_end_is_read(
    tmp_path: Path, mark: bytes, encoding: str, end: str
) -> None:
    text = end.join(["number,name", GOOD, GOOD, ""])
    assert rows_of(tmp_path, mark + text.encode(encoding)) == [(2, TOLD), (3, TOLD)]


def test_a_rare_character_of_a_name_is_read_as_gb_18030(tmp_path: Path) -> None:
    """𠮷 has four bytes there and none in GBK."""
    assert rows_of(tmp_path, "number,name\n1,王𠮷\n".encode("gb18030")) == [
        (2, {"number": "1", "name": "王𠮷"})
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped(), id="a spreadsheet"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", id="a picture"),
        pytest.param(b"\x00" * 500, id="nothing but NUL"),
        pytest.param("number,name\n1,王\n".encode("utf-16-le"), id="UTF-16 without its mark"),
        pytest.param("number,name\n1,王\n".encode("utf-32"), id="UTF-32"),
        pytest.param(codecs.BOM_UTF8 + b"number,name\n1,\xcd\xf5\n", id="GBK under the mark of UTF-8"),
        pytest.param(codecs.BOM_UTF16_LE + "number,name\n1,a\n".encode("utf-16-le")[:-1], id="cut UTF-16"),
        pytest.param(b"number,name\n1,\xff\xff\n", id="bytes of no encoding"),
    ],
)
def test_what_is_no_text_is_refused_and_the_message_says_what_to_save(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImportFailed, match=r"Save it as CSV in UTF-8\.|lacks the columns"):
        rows_of(tmp_path, content)


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("", "lacks the columns: number, name. Its first line must name the columns"),
        ("\n\n", "lacks the columns: number, name"),
        ("number\n", "lacks the columns: name"),
        ("Number,Name\n", "lacks the columns: number, name"),
        ("number;name\n1;a\n", "with commas between them"),
        ("number\tname\n1\ta\n", "with commas between them"),
        ("1,a\n2,b\n", "lacks the columns"),
        ("number,name,name\n1,a,b\n", "more than one column named name. Keep the right one"),
        ('number,"name\n1,a\n', "quotation mark in line 1 is not closed"),
        ('number,"na"me\n1,a\n', "no CSV text"),
    ],
)
def test_a_wrong_heading_is_refused_and_the_message_says_what_is_wrong(
    tmp_path: Path, heading: str, message: str
) -> None:
    with pytest.raises(ImportFailed, match=message):
        rows_of(tmp_path, heading)


def test_columns_may_stand_in_any_order_with_others_between_and_spaces_around(tmp_path: Path) -> None:
    ((line, texts),) = rows_of(tmp_path, " name , remark,,number,\n 王秀兰 ,VIP,x,1,y\n")
    assert not isinstance(texts, str) and {column: texts[column] for column in COLUMNS} == TOLD
    assert line == 2


def test_a_heading_alone_has_no_rows(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "number,name\n") == []


def test_a_row_is_named_by_the_line_it_begins_in_though_its_text_goes_over_several(tmp_path: Path) -> None:
    content = f'number,name\n1,"first\nsecond, ""quoted""\n"\n\n{GOOD}\nonly one cell\n'
    assert rows_of(tmp_path, content) == [
        (2, {"number": "1", "name": 'first\nsecond, "quoted"'}),
        (6, TOLD),
        (7, "the number of columns differs from the heading"),
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("1", "the number of columns differs from the heading"),
        ("1,a,b", "the number of columns differs from the heading"),
        ("1,a\0b", "a character was lost when the file was written"),
        ("1,\0", "a character was lost when the file was written"),
        ("1,王\ufffd兰", "a character was lost when the file was written"),
        ('1,"a"b', "a quotation mark is wrong, or a field is too long"),
        (f"1,{'x' * 200_000}", "a quotation mark is wrong, or a field is too long"),
        (f'1,"{"x" * 200_000}"', "a quotation mark is wrong, or a field is too long"),
    ],
    ids=["too few", "too many", "NUL inside", "NUL alone", "lost", "stray quote", "long", "long in quotes"],
)
def test_a_row_that_cannot_be_taken_apart_is_told_with_its_reason_and_those_around_it_are_read(
    tmp_path: Path, bad: str, reason: str
) -> None:
    told = rows_of(tmp_path, f"number,name\n{GOOD}\n{bad}\n{GOOD}\n")
    assert told == [(2, TOLD), (3, reason), (4, TOLD)]


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        pytest.param(b'2,"open\n3,a\n4,b\n', "quotation mark in line 502 is not closed", id="open quote"),
        pytest.param(
            b'2,"open\n' + b"3,a\n" * 50_000, "mark in line 502 is not closed", id="long open quote"
        ),
        pytest.param(b"x" * (MAX_LINE + 1), "line 502 is longer than any row", id="no line end"),
        pytest.param(b"\xff\xff", "neither UTF-8", id="broken"),
    ],
)
def test_a_file_that_breaks_off_is_refused_before_its_first_row_is_told(
    tmp_path: Path, tail: bytes, message: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"number,name\n" + b"1,a\n" * 500 + tail)
    with pytest.raises(ImportFailed, match=message):
        next(read_texts(path, COLUMNS))


@pytest.mark.parametrize("kind", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: Callable[[Path], None]) -> None:
    """Opening a pipe would wait for somebody to write."""
    path = tmp_path / "file.csv"
    kind(path)
    with pytest.raises(ImportFailed, match="no such file on a disk"):
        next(read_texts(path, COLUMNS))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_however_long_the_file_is_only_a_row_at_a_time_is_in_memory(tmp_path: Path, encoding: str) -> None:
    path, count = tmp_path / "file.csv", 10_000
    with path.open("w", encoding=encoding) as file:
        file.write("number,name,remark\n")
        file.writelines(f"{number},王秀兰,{'备注' * 160}\n" for number in range(count))
    tracemalloc.start()
    try:
        read = sum(1 for _ in read_texts(path, COLUMNS))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == count
    assert peak < path.stat().st_size / 10
