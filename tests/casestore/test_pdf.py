"""The agreement's PDF: the page's content, every figure to be read back, the same bytes for ever."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from structlog.testing import capture_logs

from casestore import pdf, pdf_font
from casestore.agreement_text import content_of
from casestore.documents import LANGUAGES, AgreementDraft, render_agreement
from casestore.pdf import PdfNotPossible, pdf_available, render_agreement_pdf
from casestore.pdf_lines import lines_of
from hardship.money import to_major
from hardship.policy import Policy
from tests.casestore.drafts import agreement_draft, decided_by_person, settlement, with_offer, with_rows

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def draft(policy: Policy) -> AgreementDraft:
    """An agreement over two payments."""
    return agreement_draft(policy)


def pages_of(document: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(document)).pages]


def squeezed(text: str) -> str:
    """The text without blanks, which are set as distances."""
    return re.sub(r"\s", "", text)


def shown(document: bytes) -> str:
    """The text of all pages between head and foot, squeezed: sentences go on over pages."""
    return squeezed(
        "".join(re.sub(r"(?m)^.*(第 \d+ 页|Page \d+ of).*$", "", page) for page in pages_of(document))
    )


class Text(HTMLParser):
    """The sentences and cells of a page, style and title apart."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside not in ("style", "title") and data.strip():
            self.parts.append(squeezed(data))


def test_there_is_a_font_to_set_pdfs_with() -> None:
    assert pdf_available()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_six_items_of_article_70_are_there_in_order(draft: AgreementDraft, language: str) -> None:
    text = shown(render_agreement_pdf(draft, language))
    headings = [squeezed(section.heading) for section in content_of(draft, language).sections]
    assert len(headings) == 6
    assert sorted(text.index(heading) for heading in headings) == [text.index(each) for each in headings]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("variant", ["plain", "waiver", "person", "version", "settlement", "long"])
def test_the_pdf_says_all_that_the_page_says(draft: AgreementDraft, language: str, variant: str) -> None:
    changed = {
        "plain": draft,
        "waiver": with_offer(draft, waived=2321, waived_clause="CN-WAIVE"),
        "person": decided_by_person(draft),
        "version": replace(draft, version=2, replaces="RA-20260901-ACDEFG"),
        "settlement": settlement(draft, "rest_let_off", waived=49321, rest=0),
        "long": with_rows(draft, 60),
    }[variant]
    page = Text()
    page.feed(render_agreement(changed, language))
    text = shown(render_agreement_pdf(changed, language))
    assert [part for part in page.parts if part not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_schedule_is_whole_and_its_head_is_on_every_page_of_it(
    draft: AgreementDraft, language: str
) -> None:
    long = with_rows(draft, 60)
    pages = [squeezed(page) for page in pages_of(render_agreement_pdf(long, language))]
    head = squeezed("".join(content_of(long, language).sections[1].blocks[1].head))
    on_page = [
        [row.number for row in long.offer.schedule if f"{row.due}{to_major(row.payment):,}" in page]
        for page in pages
    ]
    assert [number for numbers in on_page for number in numbers] == list(range(1, 61))
    assert len([numbers for numbers in on_page if numbers]) > 1
    assert all((head in page) == bool(numbers) for page, numbers in zip(pages, on_page, strict=True))


@pytest.mark.parametrize("rows", range(14, 24))
def test_the_total_never_stands_on_a_page_without_a_row(draft: AgreementDraft, rows: int) -> None:
    """Whichever row is the last one of the first page."""
    long = with_rows(draft, rows)
    total = f"Together{to_major(long.offer.total_to_pay):,}"
    pages = [squeezed(page) for page in pages_of(render_agreement_pdf(long, "en"))]
    (with_total,) = [page for page in pages if total in page]
    assert f"{long.offer.last_due}" in with_total


@pytest.mark.parametrize(("language", "label"), [("zh", "第 {} 页，共 {} 页"), ("en", "Page {} of {}")])
def test_every_page_has_its_number(draft: AgreementDraft, language: str, label: str) -> None:
    pages = pages_of(render_agreement_pdf(with_rows(draft, 60), language))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert squeezed(label.format(number, len(pages))) in squeezed(page)
        assert draft.reference in page


def test_every_digit_and_chinese_character_is_drawn(draft: AgreementDraft) -> None:
    """The outlines are in the file, not only the codes: some fonts leave blanks where digits stand."""
    document = PdfReader(BytesIO(render_agreement_pdf(with_rows(draft, 60), "zh")))
    text = {each for page in document.pages for each in page.extract_text() if not each.isspace()}
    assert set("0123456789，。、（）·王秀兰还款协议") <= text
    (name,) = document.pages[0]["/Resources"]["/Font"]
    descendant = document.pages[0]["/Resources"]["/Font"][name]["/DescendantFonts"][0].get_object()
    font = TTFont(BytesIO(descendant["/FontDescriptor"]["/FontFile2"].get_data()))
    drawn = [each for each in font.getGlyphOrder() if font["glyf"][each].numberOfContours != 0]
    assert len(drawn) >= len(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_agreement_gives_the_same_bytes(draft: AgreementDraft, language: str) -> None:
    first = render_agreement_pdf(draft, language)
    render_agreement_pdf(replace(draft, borrower_name="欧阳龘"), language)
    assert render_agreement_pdf(draft, language) == first


SCRIPT = """
import hashlib, sys
from pathlib import Path
from casestore.pdf import render_agreement_pdf
from hardship.policy import load_policy
from tests.casestore.drafts import agreement_draft
draft = agreement_draft(load_policy(Path("policies/cn.yml")))
print(hashlib.sha256(render_agreement_pdf(draft, "zh")).hexdigest())
"""


def test_another_process_makes_the_same_bytes(draft: AgreementDraft) -> None:
    """With another hash seed, time zone and locale."""
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8"}
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == hashlib.sha256(render_agreement_pdf(draft, "zh")).hexdigest()


def test_the_file_says_what_it_is_and_when_it_was_agreed(draft: AgreementDraft) -> None:
    document = PdfReader(BytesIO(render_agreement_pdf(draft, "zh")))
    assert document.metadata is not None
    assert document.metadata.title == f"还款协议 {draft.reference}"
    assert document.metadata.author == draft.terms.lender_name["zh"]
    assert document.metadata.creation_date == draft.accepted_at
    assert document.trailer["/Root"]["/Lang"] == "zh-CN"


def test_the_font_is_in_the_file_and_small(draft: AgreementDraft) -> None:
    document = render_agreement_pdf(with_rows(draft, 60), "zh")
    assert b"/FontFile2" in document and len(document) < 120_000


def test_a_name_the_font_lacks_is_marked_and_logged_nowhere(
    draft: AgreementDraft, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs:
        document = render_agreement_pdf(replace(draft, borrower_name="王\U000300f7兰"), "zh")
    assert "王〓兰" in "".join(pages_of(document))
    assert caplog.records == [] and logs == []


def test_an_unknown_language_gets_english(draft: AgreementDraft) -> None:
    assert render_agreement_pdf(draft, "fr") == render_agreement_pdf(draft, "en")


def _no_font(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setenv(pdf_font.SETTING, str(path))
    pdf._warn.cache_clear()


@pytest.mark.parametrize("content", [None, b"not a font", b"OTTO\0\0\0\0\0\0\0\0"])
def test_without_a_usable_font_there_is_no_pdf_and_one_warning(
    draft: AgreementDraft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    font = tmp_path / "font.ttf"
    if content is not None:
        font.write_bytes(content)
    _no_font(monkeypatch, font)
    with capture_logs() as logs:
        assert not pdf_available() and not pdf_available()
    assert [entry["event"] for entry in logs] == ["agreements_made_without_pdf"]
    with pytest.raises(PdfNotPossible):
        render_agreement_pdf(draft, "zh")


def test_a_font_can_be_named_by_the_operator(
    draft: AgreementDraft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pdf_font.font_path()
    assert found is not None
    copy = tmp_path / f"mine{found.suffix}"
    copy.symlink_to(found)
    before = render_agreement_pdf(draft, "zh")
    monkeypatch.setenv(pdf_font.SETTING, str(copy))
    assert pdf_available() and render_agreement_pdf(draft, "zh") == before


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五，六七", ["一二三四", "五，六七"]),
        ("一二三四，五六", ["一二三", "四，五六"]),
        ("一二三（四五）", ["一二三", "（四五）"]),
        ("pay 1,234.00", ["pay", "1,234.00"]),
        ("abcdefghijkl", ["abcdefgh", "ijkl"]),
        ("", [""]),
    ],
)
def test_lines_break_where_chinese_and_figures_may_break(text: str, lines: list[str]) -> None:
    """A character of Latin script is half as wide as a Chinese one."""
    assert lines_of(text, 8, lambda part: sum(1 if each.isascii() else 2 for each in part)) == lines
