"""How each part of a document is set on a sheet: head, key figures, sections, lists and tables."""

from __future__ import annotations

from collections.abc import Sequence

from casestore.document_model import Block, Content, Facts, Paragraph, Points, Section, Table
from casestore.pdf_sheet import ACCENT, BODY, INK, LEADING, POINT, QUIET, SIDE, SMALL, TINT, Colour, Sheet

TITLE, HEADING, CELL = 18.0, 12.0, 9.0
INDENT, GAP, ROW = 5.0, 2.5, 5.7
KEY_INDENT = 5.0
BULLET = "•"
# What must fit below a heading, so that none stands alone at the foot of a page.
BELOW_HEADING = 26.0
# The number and the day are narrow; what they leave is shared by the amounts.
NARROW = (14.0, 23.0)


def write(sheet: Sheet, content: Content) -> None:
    """Set the whole document."""
    sheet.new_page()
    _head(sheet, content)
    _key(sheet, content)
    for section in content.sections:
        _section(sheet, section)
    sheet.y += 2 * GAP
    sheet.ensure(BELOW_HEADING / 2)
    sheet.rule(sheet.y)
    sheet.y += GAP
    sheet.paragraph(content.footer, SMALL, QUIET)


def text_of(content: Content) -> str:
    """Every character that the document shows somewhere, for choosing the font's glyphs."""
    shown = [content.title, content.reference, content.author, *content.meta, content.kind, *content.key]
    for section in content.sections:
        shown.append(section.heading)
        for block in section.blocks:
            shown += _texts(block)
    # The digits and the space of page numbers, whatever else is said.
    return "".join([*shown, content.footer, content.page, BULLET, "0123456789 ·"])


def _texts(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    if isinstance(block, Points):
        return [text for point in block.items for text in (point.text, *point.below)]
    if isinstance(block, Facts):
        return [block.caption, *(text for row in block.rows for text in row)]
    return [block.caption, *block.head, *block.total, *(cell for row in block.rows for cell in row)]


def _head(sheet: Sheet, content: Content) -> None:
    sheet.paragraph(content.title, TITLE, INK, heavy=True)
    sheet.y += 1
    for line in content.meta:
        sheet.paragraph(line, SMALL, QUIET)
    sheet.y += 1.5
    sheet.rule(sheet.y, 0.6, ACCENT)
    sheet.y += 2 * GAP


def _key(sheet: Sheet, content: Content) -> None:
    width = sheet.width - KEY_INDENT
    lines = [line for text in content.key for line in sheet.lines(text, width, BODY)]
    height = (len(lines) + 1) * BODY * POINT * LEADING + 5
    sheet.area(SIDE, sheet.y, sheet.width, height, TINT)
    sheet.area(SIDE, sheet.y, 1, height, ACCENT)
    sheet.y += 2.5
    sheet.paragraph(content.kind, BODY, INK, KEY_INDENT, heavy=True)
    for line in lines:
        sheet.paragraph(line, BODY, INK, KEY_INDENT)
    sheet.y += 2.5


def _section(sheet: Sheet, section: Section) -> None:
    sheet.y += 2 * GAP
    sheet.ensure(BELOW_HEADING)
    sheet.paragraph(section.heading, HEADING, ACCENT, heavy=True)
    sheet.y += 1
    for block in section.blocks:
        _block(sheet, block)


def _block(sheet: Sheet, block: Block) -> None:
    if isinstance(block, Paragraph):
        size, colour = (SMALL, QUIET) if block.note else (BODY, INK)
        sheet.paragraph(block.text, size, colour)
    elif isinstance(block, Points):
        _points(sheet, block)
    elif isinstance(block, Facts):
        _facts(sheet, block)
    else:
        _table(sheet, block)
    sheet.y += 1


def _points(sheet: Sheet, points: Points) -> None:
    for point in points.items:
        _point(sheet, point.text, INDENT)
        for line in point.below:
            _point(sheet, line, 2 * INDENT)


def _point(sheet: Sheet, text: str, indent: float) -> None:
    sheet.ensure(BODY * POINT * LEADING)
    sheet.put(SIDE + indent - 3.5, sheet.y, BULLET, BODY, ACCENT)
    sheet.paragraph(text, indent=indent)
    sheet.y += 0.8


def _facts(sheet: Sheet, facts: Facts) -> None:
    sheet.paragraph(facts.caption, SMALL, QUIET)
    edges = [SIDE, SIDE + sheet.width]
    for row in facts.rows:
        last = row is facts.rows[-1]
        sheet.ensure(ROW)
        _row(sheet, row, edges, CELL + 0.5, INK if last else QUIET, last)


def _table(sheet: Sheet, table: Table) -> None:
    size, edges = _fitting(sheet, table)
    sheet.paragraph(table.caption, SMALL, QUIET)
    _table_head(sheet, table, edges)
    for row in table.rows:
        # The last row and the total stay together.
        if sheet.ensure(2 * ROW if row is table.rows[-1] else ROW):
            _table_head(sheet, table, edges)
        _row(sheet, row, edges, size, INK)
    _row(sheet, table.total, edges, size, INK, heavy=True)


def _fitting(sheet: Sheet, table: Table) -> tuple[float, list[float]]:
    """The type size in which the widest figure fits its column, and the right edges of the columns."""
    amounts = len(table.head) - len(NARROW)
    each = (sheet.width - sum(NARROW)) / amounts
    edges = [SIDE, SIDE + sum(NARROW)]
    edges += [edges[1] + each * (number + 1) for number in range(amounts)]
    widest = max(sheet.measure(cell, CELL) for row in (*table.rows, table.total) for cell in row)
    return CELL * min(1.0, (each - 2) / widest), edges


def _table_head(sheet: Sheet, table: Table, edges: Sequence[float]) -> None:
    sheet.area(SIDE, sheet.y, sheet.width, ROW, TINT)
    _row(sheet, table.head, edges, SMALL, ACCENT)


def _row(
    sheet: Sheet,
    cells: Sequence[str],
    edges: Sequence[float],
    size: float,
    colour: Colour,
    heavy: bool = False,
) -> None:
    """Cells on one line: the first from the left, the others up to their right edge; a rule below."""
    top = sheet.y + (ROW - size * POINT * LEADING) / 2
    for number, (cell, edge) in enumerate(zip(cells, edges, strict=True)):
        x = edge if number == 0 else edge - sheet.measure(cell, size)
        sheet.put(x, top, cell, size, colour, heavy)
    sheet.y += ROW
    sheet.rule(sheet.y)
