"""The action server: the SDK's own, bound to loopback, answering only callers that know the shared secret.

Run as `python -m actions.server`. RESPITE_ACTION_TOKEN is required; RESPITE_ACTION_HOST and
RESPITE_ACTION_PORT default to 127.0.0.1 and 5055. The token comes as `?token=` (Rasa's way) or as a bearer
header.
"""

from __future__ import annotations

import hmac
import logging
import os
import sys
import traceback

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

OPEN_PATHS = frozenset({"/health"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# What other machines can reach is guessed at without end; as many characters as the look-up hashes' key has.
LEAST_CHARACTERS = 32


def build(token: str, package: str = "actions") -> Sanic:
    """The server with every action of `package`.

    Raises ValueError without a token: an open action server would act for anyone who reaches its port.
    """
    if not token:
        raise ValueError("RESPITE_ACTION_TOKEN is not set")
    app = create_app(package, cors_origins="")

    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        if request.path in OPEN_PATHS or _is_token(_given_token(request), token):
            return None
        return response.json({"error": "unauthorized"}, status=401)

    app.register_middleware(refuse_strangers, "request")
    app.error_handler.add(Exception, _report_without_data)
    return app


def _given_token(request: Request) -> str:
    return str(request.args.get("token") or request.token or "")


def _is_token(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _report_without_data(request: Request, error: Exception) -> HTTPResponse:
    """Tells the kind of error and where it arose, and no more.

    The SDK answers errors with the whole tracker and logs the message; both may hold personal data.
    """
    if isinstance(error, SanicException):
        return response.json({"error": type(error).__name__}, status=error.status_code)
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s while running an action\n%s", type(error).__name__, where)
    return response.json({"error": "internal error"}, status=500)


def main() -> None:
    """Serves until stopped; ends with one clear line if the secret is missing."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        app = build(os.environ.get("RESPITE_ACTION_TOKEN", ""))
    except ValueError as error:
        sys.exit(f"respite: {error}; the bot and the action server must share it.")
    host = os.environ.get("RESPITE_ACTION_HOST") or "127.0.0.1"
    if host not in LOOPBACK and len(os.environ["RESPITE_ACTION_TOKEN"]) < LEAST_CHARACTERS:
        sys.exit(
            f"respite: on {host} others can reach the action server; "
            f"give RESPITE_ACTION_TOKEN at least {LEAST_CHARACTERS} random characters."
        )
    port = int(os.environ.get("RESPITE_ACTION_PORT", "5055"))
    # No access log: its lines hold the query, and so the token.
    app.run(host, port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    main()
