"""The command run as staff run it, with its result read back."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from cli.main import app


def respite(*words: object) -> Result:
    """Run the command with these words."""
    return CliRunner().invoke(app, [str(word) for word in words])


def respite_json(*words: object) -> Any:
    """What the command prints with --json: nothing but JSON."""
    result = respite(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def assert_refused(result: Result, *words: str) -> None:
    """The command ended for bad input: exit code 2, one line on stderr, nothing on stdout."""
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("respite: ") and result.stderr.count("\n") == 1
    assert not [word for word in words if word not in result.stderr], result.stderr
