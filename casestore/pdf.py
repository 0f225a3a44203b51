"""The agreement as a PDF to keep: the same content as the page, and the same bytes for ever."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import structlog

from casestore.agreement_draft import AgreementDraft
from casestore.agreement_text import content_of
from casestore.document_model import Content
from casestore.pdf_blocks import text_of, write
from casestore.pdf_font import SETTING, cut_down, font_path, is_usable, printable
from casestore.pdf_sheet import Sheet

__all__ = ["PdfNotPossible", "pdf_available", "render_agreement_pdf"]

log = structlog.get_logger(__name__)


class PdfNotPossible(RuntimeError):
    """There is no font that a PDF can be set in."""


def pdf_available() -> bool:
    """Whether a font is there to make PDFs with; when not, the log says so once."""
    path = font_path()
    if path is not None and is_usable(path):
        return True
    _warn(path)
    return False


def render_agreement_pdf(draft: AgreementDraft, language: str) -> bytes:
    """The agreement's PDF in `language` ("zh", else English). Raises PdfNotPossible without a font."""
    path = font_path()
    if path is None or not is_usable(path):
        raise PdfNotPossible(f"no TrueType font with Chinese characters; set {SETTING}")
    return _set(content_of(draft, language), draft, path)


def _set(content: Content, draft: AgreementDraft, path: Path) -> bytes:
    with NamedTemporaryFile(suffix=".ttf") as font:
        font.write(cut_down(path, printable(path, text_of(content))))
        font.flush()
        sheet = Sheet(Path(font.name), lambda text: printable(path, text))
        sheet.describe(content, draft.accepted_here)
        write(sheet, content)
        return bytes(sheet.pdf.output())


@lru_cache(maxsize=1)
def _warn(path: Path | None) -> None:
    log.warning("agreements_made_without_pdf", font=str(path or "not found"), setting=SETTING)
