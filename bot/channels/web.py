"""The web channel: Rasa's door for the chat widget, at /chat."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, Sanic
from socketio import AsyncServer

from bot.channels.answering import Answering
from bot.channels.audience import Audience
from bot.channels.handover import Handovers, handovers_from
from bot.channels.limits import Limits, RateLimits, limits_from
from bot.channels.live import LiveMessages
from bot.channels.memory import Memory
from bot.channels.notice import notices_from
from bot.channels.origins import Origins, origins_from
from bot.channels.output import WebOutput
from bot.channels.pages import Pages
from bot.channels.record import Record
from bot.channels.running import run_beside
from bot.channels.sockets import Sockets
from bot.channels.tokens import SessionTokens, secret_from_environment
from bot.channels.turns import Handler
from bot.channels.web_turns import WebTurns
from casestore.store import CaseStore

NAME = "web"
PREFIX = "/chat"
# Larger packets end the connection. It is as much as Sanic lets through, so that any text up to there
# gets a refusal in words.
MOST_BYTES = 2**20


@dataclass(frozen=True)
class Settings:
    """What credentials.yml and the environment say about the channel."""

    limits: Limits = field(default_factory=Limits)
    origins: Origins = field(default_factory=Origins)
    frame_ancestors: tuple[str, ...] = ()
    demo: bool = False
    handovers: Handovers | None = None
    notices: Mapping[str, str] = field(default_factory=dict)


def settings_from(credentials: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """The settings of the channel. Raises `UnknownSetting` for a key it lacks, or `HandoverSecretUnfit`."""
    numbers = {name: value for name, value in credentials.items() if name != "frame_ancestors"}
    return Settings(
        limits=limits_from(numbers),
        origins=origins_from(environment),
        frame_ancestors=tuple(credentials.get("frame_ancestors") or ()),
        demo=environment.get("RESPITE_DEMO") == "1",
        handovers=handovers_from(environment),
        notices=notices_from(environment),
    )


class SocketBlueprint(Blueprint):
    """A blueprint that brings its Socket.IO server along, under the same prefix, and sees every answer."""

    def __init__(
        self,
        sio: AsyncServer,
        on_answer: Callable[..., Awaitable[None]],
        live: LiveMessages,
        memory: Memory,
    ) -> None:
        super().__init__("web_channel")
        self.ctx.sio, self.ctx.on_answer, self.ctx.live, self.ctx.memory = sio, on_answer, live, memory

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attach the routes and the Socket.IO server to `app`."""
        prefix = str(options.get("url_prefix") or "")
        self.ctx.sio.attach(app, f"{prefix}/socket.io")
        app.register_middleware(self.ctx.on_answer, "response")
        run_beside(app, self.ctx.live.run)
        self.ctx.memory.attach(app)
        super().register(app, options)


class WebChannel(InputChannel):
    """Takes messages over Socket.IO from whoever holds a session token; answers all pages of a session."""

    def __init__(self, store: CaseStore, tokens: SessionTokens, settings: Settings) -> None:
        self._store, self._tokens, self._settings = store, tokens, settings
        self._record = Record(store, NAME)
        self._sio: AsyncServer | None = None
        self._audience: Audience | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return NAME

    def url_prefix(self) -> str:
        """Absolute, so that Rasa registers the channel at /chat and not below its webhooks."""
        return PREFIX

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """The channel as configured. Raises `UnknownSetting`, `SessionSecretMissing` or `KeysMissing`."""
        settings = settings_from(credentials or {}, os.environ)
        return cls(CaseStore.open(), SessionTokens(secret_from_environment(os.environ)), settings)

    def get_output_channel(self) -> OutputChannel | None:
        """For messages nobody asked for, such as reminders."""
        return WebOutput(self._audience, self._store) if self._audience else None

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes and socket events of the channel."""
        settings, rates = self._settings, RateLimits(self._settings.limits)
        self._sio = sio = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=settings.origins.allow_socket,
            cors_credentials=False,
            max_http_buffer_size=MOST_BYTES,
        )
        self._audience = audience = Audience(sio, self._record)
        memory, limits = Memory(), settings.limits
        answering = Answering(self._store, on_new_message, memory, limits.turn_seconds)
        turns = WebTurns(sio, audience, on_new_message, self._record, answering, limits)
        sockets = Sockets(sio, audience, turns, self._record, self._tokens, limits, rates)
        sockets.register()
        live = LiveMessages(audience, self._store, NAME, sockets.links.is_open)
        pages = Pages(
            self._store,
            self._tokens,
            rates,
            settings.origins,
            settings.frame_ancestors,
            settings.demo,
            NAME,
            settings.notices,
            settings.handovers,
        )
        blueprint = SocketBlueprint(sio, pages.let_allowed_pages_read, live, memory)
        pages.register(blueprint)
        return blueprint
