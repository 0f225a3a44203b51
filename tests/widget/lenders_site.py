"""A lender's site of another origin than the bot's: pages that hold what docs/embedding.md tells to write."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# What the page needs for itself: its own style sheet, and to ask its own server who is logged in.
OWN_POLICY = {"default-src": "'none'", "style-src": "'self'", "connect-src": "'self'"}


class LendersSite:
    """Serves `files` by path, each as (content type, text), under the site's content security policy."""

    def __init__(self, origin: str) -> None:
        self.url = origin
        self.files: dict[str, tuple[str, str]] = {}
        self.policy = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port or 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def allow(self, lines: str) -> None:
        """Add lines such as "script-src https://…;" to the site's policy."""
        policy = dict(OWN_POLICY)
        for line in filter(None, map(str.strip, lines.split(";"))):
            name, sources = line.split(None, 1)
            policy[name] = f"{policy[name]} {sources}" if name in policy else sources
        self.policy = "; ".join(f"{name} {sources}" for name, sources in policy.items())

    def page(self, path: str, tag: str, body: str = "", lang: str = "zh-CN") -> None:
        """A page with its own style sheet and the tag in its head."""
        head = f'<meta charset="utf-8"><title>某银行</title><link rel="stylesheet" href="/own.css">{tag}'
        text = (
            f'<!doctype html><html lang="{lang}"><head>{head}</head><body><h1>某银行</h1>{body}</body></html>'
        )
        self.files[path] = ("text/html", text)

    def answer(self, path: str, token: str) -> None:
        """Vouch at `path` for whoever is logged in."""
        self.files[path] = ("application/json", json.dumps({"token": token}))

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = site.files.get(self.path, ("text/plain", ""))
                self.send_response(200 if text else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Keep the test's output quiet."""

        return Handler
