"""A small real Socket.IO server that speaks the web channel's protocol with scripted answers.

It runs in a thread of its own. A test can drop every socket, stop answering, or speak as a person.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import socketio
from aiohttp import web

from tests.widget.script import answers_to

WIDGET = Path(__file__).resolve().parents[2] / "bot" / "widget"
AT = "2026-03-02T02:05:00+00:00"
CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
PAGE_FILES = {"": "index.html", "page.css": "page.css", "page.js": "page.js"}


@dataclass
class Conversation:
    """One session: its numbered messages and the client ids it has answered."""

    language: str = "zh"
    messages: list[dict[str, Any]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def append(self, author: str, body: dict[str, Any]) -> dict[str, Any]:
        """Number and keep one message."""
        message = {"seq": len(self.messages) + 1, "author": author, "lang": self.language, "at": AT, **body}
        self.messages.append(message)
        return message

    def knows(self, client_id: str) -> bool:
        """Whether the borrower's message was taken in before."""
        return any(message.get("id") == client_id for message in self.messages)


class FakeServer:
    """`url` is its address. `said` holds what borrowers said, repeats included."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.said: list[dict[str, Any]] = []
        self.demo = False
        self.drop_before_answer = 0
        self.silent = False
        self.door_open = True
        self.url = ""
        self._sio = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
        self._lines: list[asyncio.Transport] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._sio.event(self.connect)
        for name in ("start", "resume", "say", "language"):
            self._sio.on(name, getattr(self, f"on_{name}"))

    # -- for tests, from their own thread

    def begin(self) -> None:
        """Start serving on a free port."""
        self._thread.start()
        self._run(self._serve())

    def end(self) -> None:
        """Stop serving."""
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def drop(self) -> None:
        """Cut every line, as a lost network would: the clients come back by themselves."""
        self._run(self._cut())

    def person_says(self, text: str) -> None:
        """A member of staff writes into every conversation."""
        self._run(self._to_all("person", {"text": text}))

    def forget_sessions(self) -> None:
        """Forget every session, so that their tokens are worth nothing."""
        self.conversations.clear()

    # -- the protocol

    async def connect(self, sid: str, environ: dict[str, Any], auth: dict[str, str] | None) -> None:
        """Let in whoever has a token."""
        if not self.door_open:
            raise socketio.exceptions.ConnectionRefusedError("too_fast")
        token = (auth or {}).get("token", "")
        if token not in self.conversations:
            raise socketio.exceptions.ConnectionRefusedError("invalid")
        self._lines.append(environ["aiohttp.request"].transport)
        await self._sio.save_session(sid, {"token": token})
        await self._sio.enter_room(sid, token)

    async def on_start(self, sid: str, data: dict[str, str]) -> None:
        """Greet, once a session."""
        token, conversation = await self._of(sid)
        conversation.language = data["language"]
        if not conversation.messages:
            await self._answer(token, conversation, "/greet")
            await self._sio.emit("turn", {"id": "start", "done": True}, room=token)

    async def on_resume(self, sid: str, data: dict[str, int]) -> None:
        """Replay what is later than a number."""
        _, conversation = await self._of(sid)
        for message in conversation.messages[data["after"] :]:
            await self._sio.emit("message", message, to=sid)

    async def on_language(self, sid: str, data: dict[str, str]) -> None:
        """Go on in another language."""
        token, conversation = await self._of(sid)
        conversation.language = data["language"]
        await self._answer(token, conversation, "/language")
        await self._sio.emit("turn", {"id": "language", "done": True}, room=token)

    async def on_say(self, sid: str, data: dict[str, str]) -> None:
        """Answer each message once, and tell that its turn is over."""
        token, conversation = await self._of(sid)
        async with conversation.turn:
            await self._take(sid, token, conversation, data)

    async def _take(self, sid: str, token: str, conversation: Conversation, data: dict[str, str]) -> None:
        self.said.append(data)
        if "too long" in data.get("text", ""):
            refusal = {"id": data["id"], "reason": "too_long", "text": "这段话太长了。", "lang": "zh"}
            await self._sio.emit("refused", refusal, to=sid)
            return
        if not conversation.knows(data["id"]):
            await self._sio.emit("message", conversation.append("borrower", dict(data)), room=token)
        if self.silent:
            return
        if self.drop_before_answer:
            self.drop_before_answer -= 1
            await self._cut()
        if data["id"] not in conversation.answered:
            conversation.answered.add(data["id"])
            await self._answer(token, conversation, data.get("payload") or data["text"])
        await self._sio.emit("turn", {"id": data["id"], "done": True}, room=token)

    async def _answer(self, token: str, conversation: Conversation, said: str) -> None:
        await self._sio.emit("typing", {}, room=token)
        for body in answers_to(said, conversation.language):
            await self._sio.emit("message", conversation.append("bot", body), room=token)

    async def _to_all(self, author: str, body: dict[str, Any]) -> None:
        for token, conversation in self.conversations.items():
            await self._sio.emit("message", conversation.append(author, body), room=token)

    async def _of(self, sid: str) -> tuple[str, Conversation]:
        token = (await self._sio.get_session(sid))["token"]
        return token, self.conversations[token]

    async def _cut(self) -> None:
        lines, self._lines = self._lines, []
        for line in lines:
            line.abort()

    # -- the pages

    async def _serve(self) -> None:
        app = web.Application(middlewares=[_strict_csp])
        app.router.add_post("/chat/session", self._session)
        app.router.add_get("/chat/demo/{name}", self._demo)
        app.router.add_get("/chat/widget.js", _file(WIDGET / "dist" / "widget.js"))
        app.router.add_get("/embedded", _embedded)
        for path, name in PAGE_FILES.items():
            app.router.add_get(f"/chat/{path}", _file(WIDGET / "page" / name))
        self._sio.attach(app, socketio_path="/chat/socket.io")
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0])

    async def _stop(self) -> None:
        await self._cut()
        await self._sio.shutdown()
        await self._runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _session(self, request: web.Request) -> web.Response:
        previous = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if previous and previous not in self.conversations:
            return web.json_response({"reason": "invalid"}, status=401)
        token = previous or secrets.token_hex(16)
        self.conversations.setdefault(token, Conversation())
        return web.json_response({"token": token})

    async def _demo(self, request: web.Request) -> web.Response:
        if not self.demo:
            return web.json_response({}, status=404)
        return web.json_response(DEMO[request.match_info["name"]])

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


DEMO: dict[str, list[dict[str, Any]]] = {
    "outbox": [{"phone": "+8613800000001", "code": "482913", "language": "zh", "sent_at": AT}],
    "identities": [
        {
            "name": name,
            "phone": f"1380000000{number}",
            "loan_number": f"LN2026000{number}",
            "last_four": "123X",
            "days_overdue": days,
            "handler": None,
        }
        for number, (name, days) in enumerate([("王小明", 46), ("李静", 0)], start=1)
    ],
}


@web.middleware
async def _strict_csp(request: web.Request, handler: Callable[..., Any]) -> web.StreamResponse:
    response: web.StreamResponse = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = CSP
    return response


def _file(path: Path) -> Callable[[web.Request], Coroutine[Any, Any, web.FileResponse]]:
    async def serve(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    return serve


async def _embedded(_request: web.Request) -> web.Response:
    """A lender's own page, with nothing but the one tag."""
    tag = '<script src="/chat/widget.js" data-server="" data-locale="zh-CN" defer></script>'
    head = f'<meta name="viewport" content="width=device-width"><title>某银行</title>{tag}'
    page = f'<!doctype html><html lang="zh-CN"><head>{head}</head><body><main><h1>某银行</h1></main></body>'
    return web.Response(text=page, content_type="text/html", charset="utf-8")
