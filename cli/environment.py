"""The environment that Rasa and the action server run in: quiet, reproducible, with what both must share."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

BOT_PORT = 5005
ACTION_PORT = 5055

# Few threads: small models gain nothing from more, and a fixed number keeps training reproducible.
THREADS = "2"

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_INTRA_OP_PARALLELISM_THREADS": THREADS,
    "TF_INTER_OP_PARALLELISM_THREADS": THREADS,
    "OMP_NUM_THREADS": THREADS,
    # A message is one row times a matrix: to share that out takes longer than to do it.
    "OPENBLAS_NUM_THREADS": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


def quiet_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """`base` (default: our own environment), telemetry off and libraries quiet; what is set already stays."""
    given = os.environ if base is None else base
    return {**QUIET, **given}


def bot_port(env: Mapping[str, str]) -> int:
    """The port of the bot server: RESPITE_BOT_PORT, else 5005."""
    return int(env.get("RESPITE_BOT_PORT") or BOT_PORT)


def action_port(env: Mapping[str, str]) -> int:
    """The port of the action server: RESPITE_ACTION_PORT, else 5055."""
    return int(env.get("RESPITE_ACTION_PORT") or ACTION_PORT)


def serving_environment(
    demo: bool, base: Mapping[str, str] | None = None, root: Path = ROOT
) -> dict[str, str]:
    """The environment for both servers, with what `base` leaves unset filled in.

    That is the ports, addresses, the secret the bot and the action server share (new at each start) and the
    secret that signs web sessions (kept in var/, so that a chat survives a restart).
    """
    env = quiet_environment(base)
    env["RESPITE_DEMO"] = "1" if demo else "0"
    env["RESPITE_BOT_PORT"] = str(bot_port(env))
    env["RESPITE_ACTION_PORT"] = str(action_port(env))
    env.setdefault("RESPITE_ACTION_TOKEN", secrets.token_urlsafe(32))
    env.setdefault("RESPITE_ACTION_URL", f"http://127.0.0.1:{env['RESPITE_ACTION_PORT']}/webhook")
    env.setdefault("RESPITE_ACTION_URL", f"http://127.0.0.1:{env['RESPITE_ACTION_PORT']}/webhook")
    env.setdefault("RESPITE_PUBLIC_URL", f"http://127.0.0.1:{env['RESPITE_BOT_PORT']}")
    if "RESPITE_SESSION_SECRET" not in env:
        env["RESPITE_SESSION_SECRET"] = kept_secret(root / "var" / "session.secret")
    return env


def kept_secret(path: Path) -> str:
    """The secret in `path`, made at the first call and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
