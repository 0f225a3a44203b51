"""Which web pages may talk to the bot from a browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Origins:
    """The allow-list. A page on the bot's own host may always talk to it, others only when listed."""

    allowed: frozenset[str] = frozenset()

    def allow(self, origin: str | None, host: str | None) -> bool:
        """Whether a request from `origin` to `host` is accepted.

        Browsers always send an origin where it matters; programs that send none still need a token.
        """
        if not origin:
            return True
        wanted = origin.lower()
        return wanted in self.allowed or (bool(host) and urlsplit(wanted).netloc == str(host).lower())

    def allow_socket(self, origin: str, environ: Mapping[str, str]) -> bool:
        """The same question in the form in which the Socket.IO server asks it."""
        return self.allow(origin, environ.get("HTTP_HOST"))


def origins_from(environment: Mapping[str, str]) -> Origins:
    """RESPITE_ALLOWED_ORIGINS (comma list) and the origin of RESPITE_PUBLIC_URL."""
    listed = environment.get("RESPITE_ALLOWED_ORIGINS", "").split(",")
    public = urlsplit(environment.get("RESPITE_PUBLIC_URL", ""))
    if public.scheme and public.netloc:
        listed.append(f"{public.scheme}://{public.netloc}")
    return Origins(frozenset(each.strip().rstrip("/").lower() for each in listed if each.strip()))
