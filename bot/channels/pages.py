"""The channel's plain HTTP side: the chat page, session tokens, agreements behind private links, health."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import site
from bot.channels.handover import Handovers
from bot.channels.limits import RateLimits
from bot.channels.links import address_of
from bot.channels.origins import Origins
from bot.channels.protocol import read_language
from bot.channels.refusals import refusal_of
from bot.channels.tokens import SessionTokens, TokenRefused
from casestore import agreement, data_requests, documents, handover, outbox, sessions
from casestore.store import CaseStore

logger = logging.getLogger(__name__)

RECENT_CODES = 20
BEARER = "Bearer "
PDF = ".pdf"


@dataclass(frozen=True)
class Pages:
    """What the routes need."""

    store: CaseStore
    tokens: SessionTokens
    rates: RateLimits
    origins: Origins
    frame_ancestors: tuple[str, ...]
    demo: bool
    channel: str
    notices: Mapping[str, str]
    handovers: Handovers | None = None

    def register(self, blueprint: Blueprint) -> None:
        """Add the routes to the channel's blueprint."""
        for name, (path, methods, method) in self._routes().items():
            # Sanic marks its handlers, which a bound method does not allow.
            blueprint.add_route(partial(method), path, methods=methods, name=name)

    def _routes(self) -> dict[str, tuple[str, list[str], Any]]:
        routes: dict[str, tuple[str, list[str], Any]] = {
            "page": ("/", ["GET"], self.file),
            "file": ("/<name:str>", ["GET"], self.file),
            "session": ("/session", ["POST", "OPTIONS"], self.session),
            "document": ("/documents/<name:str>", ["GET"], self.document),
            "notice": ("/privacy/<language:str>", ["GET"], self.notice),
            "data": ("/data/<token:str>", ["GET"], self.data_copy),
            "health": ("/health", ["GET"], self.health),
        }
        if self.demo:
            routes["identities"] = ("/demo/identities", ["GET"], self.demo_identities)
            routes["outbox"] = ("/demo/outbox", ["GET"], self.demo_outbox)
        return routes

    async def let_allowed_pages_read(self, request: Request, answer: HTTPResponse) -> None:
        """Lets a listed page of another host read a token, also when Rasa itself answers the preflight."""
        origin = request.headers.get("origin")
        is_session = request.path.endswith("/chat/session")
        if is_session and origin and self.origins.allow(origin, request.headers.get("host")):
            answer.headers.update(_cors(origin))

    async def file(self, request: Request, name: str = "") -> HTTPResponse:
        """The chat page or one of its files."""
        if not name and not request.path.endswith("/"):
            return response.redirect(f"{request.path}/", status=308)
        file = site.FILES.get(name)
        if file is None:
            return response.empty(404, site.NO_STORE)
        try:
            content, tag = site.content_of(file)
        except FileNotFoundError:
            return response.text(f"{file.path.name} is not built; run make widget.", 404, site.NO_STORE)
        cache = f"public, max-age={file.max_age_seconds}" if file.max_age_seconds else "no-cache"
        headers = {**site.page_headers(self.frame_ancestors), "ETag": tag, "Cache-Control": cache}
        if request.headers.get("if-none-match") == tag:
            return response.empty(304, headers)
        return response.raw(content, 200, headers, file.content_type)

    async def session(self, request: Request) -> HTTPResponse:
        """A token: for a borrower handed over by the lender, as the bearer token sent along, or quite new."""
        origin = request.headers.get("origin")
        if not self.origins.allow(origin, request.headers.get("host")):
            return response.json({"reason": "origin"}, 403, site.NO_STORE)
        headers = site.NO_STORE
        if request.method == "OPTIONS":
            return response.empty(204, headers)
        language = read_language({"language": request.headers.get("accept-language")})
        if not self.rates.allow_session(address_of(request)):
            return response.json(refusal_of("too_fast", language), 429, headers)
        try:
            return response.json({"token": await self._token_for(request)}, 200, headers)
        except TokenRefused as refusal:
            return response.json(refusal_of(refusal.reason, language), 401, headers)

    async def notice(self, _request: Request, language: str) -> HTTPResponse:
        """The privacy notice in one of our languages."""
        text = self.notices.get(language)
        if text is None:
            return response.empty(404, site.NO_STORE)
        return response.html(text, 200, {**site.page_headers(()), "Cache-Control": "no-cache"})

    async def document(self, request: Request, name: str) -> HTTPResponse:
        """The agreement behind a private link: its page under the link's token, its PDF under <token>.pdf."""
        if not self.rates.allow_session(address_of(request)):
            return response.empty(429, site.NO_STORE)
        if name.endswith(PDF):
            return await self._pdf(name[: -len(PDF)])
        return await self._page(name)

    async def _page(self, token: str) -> HTTPResponse:
        html = await asyncio.to_thread(agreement.document, self.store, token)
        if html is None:
            return response.empty(404, site.document_headers())
        if await asyncio.to_thread(agreement.document_pdf, self.store, token) is not None:
            html = documents.with_link_to_pdf(html, token + PDF)
        return response.html(html, 200, site.document_headers())

    async def _pdf(self, token: str) -> HTTPResponse:
        pdf = await asyncio.to_thread(agreement.document_pdf, self.store, token)
        if pdf is None:
            return response.empty(404, site.document_headers())
        headers = {**site.document_headers(), "Content-Disposition": 'attachment; filename="agreement.pdf"'}
        return response.raw(pdf, 200, headers, "application/pdf")

    async def data_copy(self, request: Request, token: str) -> HTTPResponse:
        """The copy of a borrower's data behind a private link, as a file, while the link lasts."""
        if not self.rates.allow_session(address_of(request)):
            return response.empty(429, site.NO_STORE)
        text = await asyncio.to_thread(data_requests.copy_behind, self.store, token)
        if text is None:
            return response.empty(404, site.document_headers())
        headers = {**site.document_headers(), "Content-Disposition": 'attachment; filename="my-data.txt"'}
        return response.text(text, 200, headers)

    async def health(self, request: Request) -> HTTPResponse:
        """200 once a model is loaded and the case store answers."""
        agent: Any = getattr(request.app.ctx, "agent", None)
        if agent is not None and not agent.is_ready():
            return response.json({"status": "no_model"}, 503, site.NO_STORE)
        try:
            await asyncio.to_thread(sessions.get, self.store, "health")
        except Exception:
            return response.json({"status": "no_case_store"}, 503, site.NO_STORE)
        return response.json({"status": "ok"}, 200, site.NO_STORE)

    async def demo_identities(self, _request: Request) -> HTTPResponse:
        """The invented borrowers; demo mode only."""
        return response.json(site.demo_identities(), 200, site.NO_STORE)

    async def demo_outbox(self, _request: Request) -> HTTPResponse:
        """The codes on the demo phone, newest first; demo mode only."""
        codes = await asyncio.to_thread(outbox.recent, self.store, RECENT_CODES)
        return response.json([_shown(each) for each in codes], 200, site.NO_STORE)

    async def _token_for(self, request: Request) -> str:
        handed_over = await self._handed_over(_handover_in(request))
        if handed_over is not None:
            return self.tokens.issue(handed_over)
        previous = request.headers.get("authorization", "")
        if not previous:
            return self.tokens.issue()
        return self.tokens.renew(previous[len(BEARER) :] if previous.startswith(BEARER) else None)

    async def _handed_over(self, token: object) -> str | None:
        """The conversation of a hand-over. A bad one counts as none: the borrower is asked who they are."""
        if token is None or self.handovers is None:
            return None
        try:
            given = self.handovers.read(token)
        except TokenRefused as refusal:
            logger.warning("A hand-over was not taken: %s", refusal.reason)
            return None
        begun = await asyncio.to_thread(handover.begin, self.store, given.token_id, given.login, self.channel)
        if begun is None:
            logger.warning("A hand-over was not taken: used before")
        return begun


def _handover_in(request: Request) -> object:
    """The `handover` of a JSON body, None when there is none."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return None
    return body.get("handover") if isinstance(body, dict) else None


def _shown(code: outbox.DemoCode) -> dict[str, str]:
    return {
        "phone": code.phone,
        "code": code.code,
        "language": code.language,
        "sent_at": code.sent_at.isoformat(),
    }


def _cors(origin: str) -> dict[str, str]:
    # No cookies are ever involved, so no credentials are allowed.
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin",
    }
