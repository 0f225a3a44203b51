"""Signed session tokens. The subject of a token is the conversation; whoever holds the token is in it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import jwt

ALGORITHM = "HS256"
ISSUER = "respite"
AUDIENCE = "respite-chat"
LIFETIME = timedelta(hours=24)
# RFC 7518, 3.2: a key for HS256 is at least as long as the hash.
MIN_SECRET_BYTES = 32
SUBJECT = re.compile(r"[A-Za-z0-9_-]{16,64}")

DEMO_SECRET = "respite demo: invented borrowers only, never real ones"
HOW_TO_SET_SECRET = (
    "Set RESPITE_SESSION_SECRET to at least 32 random characters, "
    "or RESPITE_DEMO=1 to try with invented borrowers."
)


class SessionSecretMissing(Exception):
    """The secret that signs session tokens is not configured or too short."""


class TokenRefused(Exception):
    """A token that opens no conversation. `reason` is a code: missing, invalid or expired."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The session token is refused: {reason}.")
        self.reason = reason


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Claims:
    """Whose conversation the token opens, and until when."""

    subject: str
    expires_at: datetime


@dataclass(frozen=True)
class SessionTokens:
    """Issues and checks tokens. Raises `SessionSecretMissing` for a secret shorter than 32 bytes."""

    secret: str = field(repr=False)
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        if len(self.secret.encode()) < MIN_SECRET_BYTES:
            raise SessionSecretMissing(HOW_TO_SET_SECRET)

    def issue(self, subject: str | None = None) -> str:
        """A token of 24 hours for `subject`, or for a new conversation that nobody can guess."""
        now = self.clock()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject or secrets.token_hex(16),
            "iat": now,
            "exp": now + LIFETIME,
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM)

    def read(self, token: object) -> Claims:
        """What a token says. Raises `TokenRefused` for one that is missing, forged, malformed or expired."""
        if not isinstance(token, str) or not token:
            raise TokenRefused("missing")
        claims = verified(token, self.secret, ISSUER, AUDIENCE, ("sub", "exp", "iat"))
        subject, expires = claims["sub"], claims["exp"]
        if not isinstance(subject, str) or not SUBJECT.fullmatch(subject) or not isinstance(expires, int):
            raise TokenRefused("invalid")
        if expires <= self.clock().timestamp():
            raise TokenRefused("expired")
        return Claims(subject, datetime.fromtimestamp(expires, timezone.utc))

    def renew(self, token: object) -> str:
        """A fresh token for the same conversation. Raises `TokenRefused`."""
        return self.issue(self.read(token).subject)


def verified(
    token: str, secret: str, issuer: str, audience: str, required: Sequence[str]
) -> Mapping[str, object]:
    """The claims of a genuine token that has all `required` ones. Raises `TokenRefused`.

    Times are for the caller to compare, who has the clock.
    """
    options = {"require": list(required), "verify_exp": False, "verify_iat": False}
    try:
        return jwt.decode(
            token, secret, algorithms=[ALGORITHM], issuer=issuer, audience=audience, options=options
        )
    except (jwt.InvalidTokenError, ValueError):
        raise TokenRefused("invalid") from None


def secret_from_environment(environment: Mapping[str, str]) -> str:
    """RESPITE_SESSION_SECRET, or a publicly known one in demo mode. Raises `SessionSecretMissing`."""
    secret = environment.get("RESPITE_SESSION_SECRET", "")
    if not secret and environment.get("RESPITE_DEMO") == "1":
        return DEMO_SECRET
    if not secret:
        raise SessionSecretMissing(HOW_TO_SET_SECRET)
    return secret
