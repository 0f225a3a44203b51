"""Addresses of the bot's own pages, as they stand in messages."""

from __future__ import annotations

import os

DEFAULT_PUBLIC_URL = "http://127.0.0.1:5005"


def agreement_link(token: str) -> str:
    """The private address of an agreement's document."""
    return _page(f"documents/{token}")


def copy_link(token: str) -> str:
    """The private address of a copy of a borrower's data."""
    return _page(f"data/{token}")


def notice_link(language: str) -> str:
    """The address of the privacy notice in "zh" or "en"."""
    return _page(f"privacy/{language}")


def _page(path: str) -> str:
    base = os.environ.get("RESPITE_PUBLIC_URL", DEFAULT_PUBLIC_URL).rstrip("/")
    return f"{base}/chat/{path}"
