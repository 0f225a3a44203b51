"""Text on A4 pages: lines, page breaks, page numbers. Lengths are millimetres, type sizes points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from casestore.document_model import Content
from casestore.pdf_lines import lines_of

FAMILY = "agreement"
Colour = tuple[int, int, int]
INK: Colour = (31, 41, 51)
QUIET: Colour = (74, 86, 97)
ACCENT: Colour = (36, 88, 91)
TINT: Colour = (238, 245, 245)
RULE: Colour = (213, 219, 224)

SIDE, TOP, BOTTOM = 18.0, 16.0, 22.0
BODY, SMALL = 10.0, 8.5
# From one line to the next, and from a line's top to where its letters stand, in parts of the type size.
LEADING, BASELINE = 1.6, 1.15
POINT = 25.4 / 72


class _Pages(FPDF):
    """A4 pages with a foot; `foot` has {page} and {pages} open."""

    foot = ""

    def footer(self) -> None:
        """Called by fpdf2 when a page is full; {nb} is what it later replaces by the number of pages."""
        self.set_xy(SIDE, -14)
        self.set_font(FAMILY, size=SMALL)
        self.set_text_color(*QUIET)
        self.cell(w=0, h=5, text=self.foot.format(page=self.page_no(), pages="{nb}"))


class Sheet:
    """Where the next thing goes on the pages of one document. `printable` is for names the font lacks."""

    def __init__(self, font: Path, printable: Callable[[str], str]) -> None:
        self.pdf = _Pages(format="A4")
        self._printable = printable
        self._font = self._add(font)
        self.pdf.set_margins(SIDE, TOP)
        self.pdf.set_auto_page_break(False)
        self.pdf.c_margin = 0
        self.y = TOP

    def _add(self, font: Path) -> TTFFont:
        self.pdf.add_font(FAMILY, "", font)
        added = self.pdf.fonts[FAMILY]
        assert isinstance(added, TTFFont)
        # The font's bounds hold for every part of it; working them out anew takes half of all the time.
        added.ttfont.recalcBBoxes = False
        return added

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.pdf.w - 2 * SIDE

    def describe(self, content: Content, made: datetime) -> None:
        """What the file says of itself. `made` is when the agreement was accepted, never the present."""
        self.pdf.set_title(f"{content.title} {content.reference}")
        self.pdf.set_author(self._printable(content.author))
        self.pdf.set_lang(content.language)
        self.pdf.set_creation_date(made)
        self.pdf.foot = f"{content.title} {content.reference}  ·  {content.page}"

    def new_page(self) -> None:
        """Go on at the top of the next page."""
        self.pdf.add_page()
        self.y = TOP

    def ensure(self, height: float) -> bool:
        """Go on on a new page when `height` is not left on this one; whether that was so."""
        if self.y + height <= self.pdf.h - BOTTOM:
            return False
        self.new_page()
        return True

    def measure(self, text: str, size: float) -> float:
        """The width of `text` in `size`."""
        widths = self._font.cw
        return sum(widths[ord(each)] for each in text) / 1000 * size * POINT

    def lines(self, text: str, width: float, size: float) -> list[str]:
        """`text` in lines of at most `width`."""
        return lines_of(text, width, lambda part: self.measure(part, size))

    def put(
        self, x: float, y: float, text: str, size: float, colour: Colour = INK, heavy: bool = False
    ) -> None:
        """One line from its top left corner. The font has one weight; `heavy` draws the outlines too."""
        self.pdf.set_font(FAMILY, size=size)
        self.pdf.set_text_color(*colour)
        baseline = y + size * POINT * BASELINE
        if not heavy:
            self.pdf.text(x, baseline, self._printable(text))
            return
        with self.pdf.local_context(text_mode="FILL_STROKE", line_width=0.25, draw_color=colour):
            self.pdf.text(x, baseline, self._printable(text))

    def paragraph(
        self, text: str, size: float = BODY, colour: Colour = INK, indent: float = 0, heavy: bool = False
    ) -> None:
        """Lines of text from where we are, over as many pages as it takes."""
        for line in self.lines(text, self.width - indent, size):
            self.ensure(size * POINT * LEADING)
            self.put(SIDE + indent, self.y, line, size, colour, heavy)
            self.y += size * POINT * LEADING

    def rule(self, y: float, thickness: float = 0.2, colour: Colour = RULE) -> None:
        """A line from margin to margin."""
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(thickness)
        self.pdf.line(SIDE, y, self.pdf.w - SIDE, y)

    def area(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(x, y, width, height, style="F")
