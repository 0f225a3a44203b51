"""The agreement as the borrower opens it: one page per language, the same for the same agreement for ever."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from casestore.agreement_draft import AgreementDraft
from casestore.agreement_text import FOLDER, LANGUAGES, content_of, phrases

__all__ = ["LANGUAGES", "AgreementDraft", "render_agreement", "with_link_to_pdf"]

_BODY = "<body>\n"


def render_agreement(draft: AgreementDraft, language: str) -> str:
    """The agreement's complete HTML page in `language` ("zh", else English), without outside resources."""
    return _templates().get_template("agreement.html.j2").render(content=content_of(draft, language))


def with_link_to_pdf(html: str, address: str) -> str:
    """The page with a link to its PDF at `address` above the document, which itself stays as recorded."""
    language = "zh" if html.partition("<head>")[0].rstrip().endswith('lang="zh-CN">') else "en"
    link = _templates().get_template("pdf_link.html.j2")
    before, body, after = html.partition(_BODY)
    return before + body + link.render(address=address, label=phrases(language)["download"]) + after


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
