"""Hand-over tokens: the lender's site says, signed and once, which of its borrowers has logged in there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.tokens import MIN_SECRET_BYTES, TokenRefused, utc_now, verified
from hardship.identity import Login, read_login

ISSUER = "lender"
AUDIENCE = "respite-handover"
LIFETIME = timedelta(minutes=5)
# The lender's clock may be ahead of ours.
LEEWAY = timedelta(seconds=30)
# RFC 7519, 4.1.7: an id must not be used twice by chance; 16 characters are enough for that.
ID_CHARACTERS = range(16, 129)
# Longer than any token of the recipe.
MOST_CHARACTERS = 4096


class HandoverSecretUnfit(Exception):
    """The secret that signs hand-overs is too short, or signs session tokens too."""


@dataclass(frozen=True)
class Handover:
    """Whom the lender has identified, and the id by which a second use is recognised."""

    token_id: str
    login: Login


@dataclass(frozen=True)
class Handovers:
    """Checks hand-over tokens. Raises `HandoverSecretUnfit` for a secret shorter than 32 bytes."""

    secret: str = field(repr=False)
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        if len(self.secret.encode()) < MIN_SECRET_BYTES:
            raise HandoverSecretUnfit("RESPITE_HANDOVER_SECRET needs at least 32 random characters.")

    def read(self, token: object) -> Handover:
        """Whom a token hands over. Raises `TokenRefused`: invalid or expired."""
        if not isinstance(token, str) or len(token) > MOST_CHARACTERS:
            raise TokenRefused("invalid")
        claims = verified(token, self.secret, ISSUER, AUDIENCE, ("sub", "exp", "jti"))
        token_id, subject, expires = claims["jti"], claims["sub"], claims["exp"]
        if not isinstance(token_id, str) or len(token_id) not in ID_CHARACTERS or type(expires) is not int:
            raise TokenRefused("invalid")
        self._require_short_life(expires)
        login = read_login(subject) if isinstance(subject, str) else None
        if login is None:
            raise TokenRefused("invalid")
        return Handover(token_id, login)

    def _require_short_life(self, expires: int) -> None:
        now = self.clock()
        if expires <= now.timestamp():
            raise TokenRefused("expired")
        if expires > (now + LIFETIME + LEEWAY).timestamp():
            raise TokenRefused("invalid")


def handovers_from(environment: Mapping[str, str]) -> Handovers | None:
    """As RESPITE_HANDOVER_SECRET says; None without it. Raises `HandoverSecretUnfit`."""
    secret = environment.get("RESPITE_HANDOVER_SECRET", "")
    if not secret:
        return None
    if secret == environment.get("RESPITE_SESSION_SECRET"):
        raise HandoverSecretUnfit("RESPITE_HANDOVER_SECRET must not be RESPITE_SESSION_SECRET.")
    return Handovers(secret)
