"""Trains the bot when what it learns from has changed since models/.trained was written.

`--force` trains anyway. With RESPITE_ENCODER the bot also learns from that sentence encoder (docs/nlu.md).
The model goes to models/respite.tar.gz; a failed training leaves the old one there.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.nlu.encoder.files import EncoderError, locate  # noqa: E402
from cli.environment import quiet_environment  # noqa: E402

MODELS = ROOT / "models"
STAMP = MODELS / ".trained"
# Dated log lines and the bars of epochs; warnings of libraries stay in the log.
PROGRESS = re.compile(r"\d{4}-\d\d-\d\d .*(INFO|ERROR)|Epochs:")

LOG = ROOT / "var" / "log" / "train.log"
LEARNED_FILES = ("config.yml", "domain.yml", "requirements/runtime.lock")
LEARNED_FOLDERS = (
    "data/nlu",
    "data/danger",
    "data/answers",
    "data/questions",
    "data/values",
    "data/rules",
    "data/stories",
    "data/responses",
    "data/lookups",
    "bot/nlu",
)


def sources(root: Path = ROOT) -> list[Path]:
    """Every file that a training reads, in a stable order."""
    inside = (path for folder in LEARNED_FOLDERS for path in (root / folder).rglob("*"))
    found = [path for path in inside if path.suffix in {".yml", ".py", ".txt"}]
    return sorted(found + [root / name for name in LEARNED_FILES if (root / name).exists()])


def fingerprint(root: Path = ROOT) -> str:
    """A hash over the names and contents of `sources`."""
    digest = hashlib.sha256()
    for path in sources(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def encoder_mark() -> str:
    """What of the sentence encoder in RESPITE_ENCODER decides a training: nothing if there is none.

    Raises `EncoderError` when it isn't there.
    """
    source = os.environ.get("RESPITE_ENCODER")
    if not source:
        return ""
    return f"\n{locate(source).sha256} {os.environ.get('RESPITE_ENCODER_PREFIX', '')}"


def is_current(wanted: str) -> bool:
    """True if the model at hand was trained from exactly these sources."""
    trained = STAMP.read_text() if STAMP.exists() else ""
    return trained == wanted and (MODELS / "respite.tar.gz").exists()


def train() -> int:
    """Runs `rasa train`, showing its progress and keeping all it says in LOG; returns its exit code."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bot",
        "train",
        # Rasa's cache looks at the components' own source, not at the modules and lookups they read.
        "--force",
        # `make check` and `make test` validate the data; doing it here too would double the reading.
        "--skip-validation",
        "--domain",
        "domain.yml",
        "--data",
        "data",
        "--out",
        "models",
        "--fixed-model-name",
        "respite",
    ]
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=quiet_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        _show_progress(process, log)
    return process.wait()


def _show_progress(process: subprocess.Popen[str], log: TextIO) -> None:
    """Copies the output to `log`, and what tells of progress to the terminal."""
    for line in process.stdout or ():
        log.write(line)
        if PROGRESS.match(line):
            print(line, end="", flush=True)


def reason() -> str:
    """The last thing the training said."""
    said = LOG.read_text(encoding="utf-8") if LOG.exists() else ""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def main(arguments: Sequence[str] = ()) -> int:
    """Trains if needed; 0 when a current model is in place, 2 for arguments it does not know."""
    if list(arguments) not in ([], ["--force"]):
        print("respite: the only argument of scripts/train.py is --force.", file=sys.stderr)
        return 2
    try:
        wanted = fingerprint() + encoder_mark()
    except EncoderError as error:
        print(f"respite: {error}.", file=sys.stderr)
        return 1
    if is_current(wanted) and "--force" not in arguments:
        return 0
    print("Training the bot (a few minutes; only when its data has changed)", flush=True)
    started = time.monotonic()
    if train() != 0:
        print(f"respite: training failed ({reason()}); see {LOG.relative_to(ROOT)}.", file=sys.stderr)
        return 1
    STAMP.write_text(wanted)
    print(f"Trained in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
