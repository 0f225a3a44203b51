"""Stand-ins for OSV and for npm's registry on loopback: they answer as those do, or not at all."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Sources:
    """What is published, by package, at OSV and at npm. `status` is that of every answer."""

    url: str = ""
    osv: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    npm: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)

    @property
    def osv_url(self) -> str:
        """Where OSV's API is asked."""
        return f"{self.url}/v1/query"

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What OSV's query or npm's bulk endpoint says to this body."""
        self.asked.append(path)
        if path == "/v1/query":
            return {"vulns": self.osv.get(body["package"]["name"], [])}
        return {name: self.npm[name] for name in body if name in self.npm}


@contextmanager
def sources() -> Iterator[Sources]:
    """Both, answering until the end."""
    published = Sources()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            said = json.dumps(published.answer(self.path, json.loads(body))).encode()
            self.send_response(published.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Tests say what they need to."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    published.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield published
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
