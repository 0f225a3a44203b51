"""A small real Socket.IO server that speaks the web channel's protocol with scripted answers.

It runs in a thread of its own. A test can drop every socket, restart it, stop answering, speak as a person,
or log a borrower in on the lender's page that the chat stands on.
"""

from __future__ import annotations

import asyncio
import base64
import json
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
A_DAY = 24 * 60 * 60
# Far more than a message takes within one machine, however loaded.
ARRIVES_SECONDS = 30
TOKEN_PATH = "/my/respite-token"
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
        self.restart_before_answer = False
        self.too_busy = False
        self.logged_in: str | None = None
        self.lender_works = True
        self.lender_asked = 0
        self.handovers: list[str | None] = []
        self.silent = False
        self._kept_silent = threading.Event()
        self.door_open = True
        self.url = ""
        self._lines: list[asyncio.Transport] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    # -- for tests, from their own thread

    def begin(self) -> None:
        """Start serving on a free port."""
        self._thread.start()
        self._run(self._serve(port=0))

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

    def person_joins(self) -> None:
        """A member of staff takes over."""
        self._run(
            self._to_all(
                "person", {"notice": "person_joined", "text": "我们的工作人员来了，接下来由他们和您谈。"}
            )
        )

    def person_leaves(self) -> None:
        """The bot is back."""
        self._run(
            self._to_all("bot", {"notice": "person_left", "text": "工作人员这边先谈到这里，我又在了。"})
        )

    def speak_again(self) -> None:
        """Answer again, once a message went unanswered: one still under way would be answered after all."""
        assert self._kept_silent.wait(ARRIVES_SECONDS)
        self.silent = False

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
        if self.too_busy:
            refusal = {"id": data["id"], "reason": "too_fast", "text": "消息来得有点快。", "lang": "zh"}
            await self._sio.emit("refused", refusal, to=sid)
            return
        if not conversation.knows(data["id"]):
            await self._sio.emit("message", conversation.append("borrower", dict(data)), room=token)
        if self.silent:
            self._kept_silent.set()
            return
        if self.restart_before_answer:
            self.restart_before_answer = False
            self._restarting = asyncio.create_task(self._restart())
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

    async def _serve(self, port: int) -> None:
        # A test may move the browser's clock, which must not look like a line that is dead.
        self._sio = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[], ping_interval=A_DAY)
        self._sio.event(self.connect)
        for name in ("start", "resume", "say", "language"):
            self._sio.on(name, getattr(self, f"on_{name}"))
        app = web.Application(middlewares=[_strict_csp])
        app.router.add_post("/chat/session", self._session)
        app.router.add_get("/chat/demo/{name}", self._demo)
        app.router.add_get("/chat/widget.js", _file(WIDGET / "dist" / "widget.js"))
        app.router.add_get("/embedded", _lenders_page(""))
        app.router.add_get("/account", _lenders_page(f'data-token-url="{TOKEN_PATH}"'))
        app.router.add_get(TOKEN_PATH, self._lenders_word)
        for path, name in PAGE_FILES.items():
            app.router.add_get(f"/chat/{path}", _file(WIDGET / "page" / name))
        self._sio.attach(app, socketio_path="/chat/socket.io")
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0])

    async def _restart(self) -> None:
        """As after a crash: what was stored is there again, what was going on is not."""
        port = self._runner.addresses[0][1]
        await self._cut()
        await self._sio.shutdown()
        await self._runner.cleanup()
        await self._serve(port)

    async def _stop(self) -> None:
        await self._cut()
        await self._sio.shutdown()
        await self._runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _session(self, request: web.Request) -> web.Response:
        body = json.loads(await request.text() or "{}")
        self.handovers.append(body.get("handover"))
        previous = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if previous and previous not in self.conversations:
            return web.json_response({"reason": "invalid"}, status=401)
        token = previous or secrets.token_hex(16)
        self.conversations.setdefault(token, Conversation())
        return web.json_response({"token": token})

    async def _lenders_word(self, _request: web.Request) -> web.Response:
        """The lender's page vouches for who is logged in, by a token whose id is new each time."""
        self.lender_asked += 1
        if not self.lender_works:
            return web.Response(status=500)
        if self.logged_in is None:
            return web.Response(status=401)
        claims = {"sub": self.logged_in, "jti": secrets.token_hex(16)}
        middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return web.json_response({"token": f"head.{middle}.signature"})

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


def _lenders_page(attribute: str) -> Callable[[web.Request], Coroutine[Any, Any, web.Response]]:
    """A lender's own page, with nothing but the one tag."""
    tag = f'<script src="/chat/widget.js" data-server="" data-locale="zh-CN" {attribute} defer></script>'
    head = f'<meta name="viewport" content="width=device-width"><title>某银行</title>{tag}'
    page = f'<!doctype html><html lang="zh-CN"><head>{head}</head><body><main><h1>某银行</h1></main></body>'

    async def serve(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html", charset="utf-8")

    return serve
