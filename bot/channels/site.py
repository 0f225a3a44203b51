"""Files, headers and demo data behind the channel's pages, without the web framework."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "bot" / "widget"
DEMO_ACCOUNTS = ROOT / "demo" / "accounts.csv"


@dataclass(frozen=True)
class File:
    """A file the channel serves. `revalidate`: browsers ask each time whether it changed."""

    path: Path
    content_type: str
    max_age_seconds: int


# Nothing but these is served, so no path of a request ever reaches the disk.
FILES = {
    "": File(WIDGET / "page" / "index.html", "text/html; charset=utf-8", 0),
    "page.css": File(WIDGET / "page" / "page.css", "text/css; charset=utf-8", 300),
    "privacy.css": File(ROOT / "data" / "documents" / "privacy.css", "text/css; charset=utf-8", 300),
    "page.js": File(WIDGET / "page" / "page.js", "text/javascript; charset=utf-8", 300),
    "widget.js": File(WIDGET / "dist" / "widget.js", "text/javascript; charset=utf-8", 300),
}

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NO_STORE = {**SAFE, "Cache-Control": "no-store"}


def page_headers(frame_ancestors: Iterable[str]) -> dict[str, str]:
    """Headers of the chat page and its files; nothing may run in it but our own script."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self' ws: wss:",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(frame_ancestors) or "'none'",
    }
    return {**SAFE, "Content-Security-Policy": _policy(policy)}


def document_headers() -> dict[str, str]:
    """Headers of an agreement: never cached or indexed, runs nothing, and brings its own style."""
    policy = {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {**NO_STORE, "Content-Security-Policy": _policy(policy), "X-Robots-Tag": "noindex, nofollow"}


def content_of(file: File) -> tuple[bytes, str]:
    """The file and its ETag. Raises FileNotFoundError for one that is not built yet."""
    return _read(file.path, file.path.stat().st_mtime_ns)


def demo_identities(path: Path = DEMO_ACCOUNTS) -> list[dict[str, object]]:
    """The invented borrowers to try the demo with."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_identity(row) for row in csv.DictReader(file)]


def _identity(row: dict[str, str]) -> dict[str, object]:
    since = row["overdue_since"]
    days = (date.fromisoformat(row["as_of"]) - date.fromisoformat(since)).days if since else 0
    return {
        "name": row["name"],
        "phone": row["phone"],
        "last_four": row["id_number"][-4:],
        "loan_number": row["loan_number"],
        "days_overdue": days,
        "handler": row["handler"] or None,
    }


def _policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


@lru_cache(maxsize=16)
def _read(path: Path, _changed_at: int) -> tuple[bytes, str]:
    content = path.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
