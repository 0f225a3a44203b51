"""What a document says, without how it looks: the page and the PDF are set from the same content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; a `note` is set quieter."""

    text: str
    note: bool = False
    shape: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Point:
    """One point of a list, with points of its own `below` it."""

    text: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Points:
    """A list without numbers."""

    items: tuple[Point, ...]
    shape: ClassVar[str] = "points"


@dataclass(frozen=True)
class Facts:
    """Labels with their figures; the last row is the sum."""

    caption: str
    rows: tuple[tuple[str, str], ...]
    shape: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Table:
    """Rows under a head, closed by a `total`; every row has as many cells as the head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    shape: ClassVar[str] = "table"


Block = Paragraph | Points | Facts | Table


@dataclass(frozen=True)
class Section:
    """A numbered part of the document."""

    ident: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Content:
    """A whole document. `language` is a tag; `page` has the places of {page} and {pages} open."""

    language: str
    title: str
    reference: str
    author: str
    meta: tuple[str, ...]
    kind: str
    key: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
    page: str
