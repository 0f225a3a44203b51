"""The mended reading of YAML gives what Rasa's own gives, and no list of rules grows with the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import rasa.shared.utils.io  # noqa: F401  adds the rule that makes the lists grow
from ruamel.yaml import YAML
from ruamel.yaml.resolver import VersionedResolver

from bot.yaml_reading import look_at_each_scalar_once

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = """
numbers: [1, 0x1F, 1.5, 1e3, -7, .inf]
words: [yes, true, null, ~, "", '12', 2026-11-24, text, 中文]
empty:
named: !!str 7
"""

# Each reads on its own, so that neither finds the library as the other left it.
READS_THE_DOMAIN = """
import json, sys
import rasa.shared.utils.io as io
from bot.yaml_reading import look_at_each_scalar_once
if sys.argv[1] == "mended":
    look_at_each_scalar_once()
print(json.dumps(io.read_yaml(io.read_file("domain.yml"), reader_type=["safe", "rt"]), sort_keys=True))
"""


def test_the_domain_is_read_as_rasa_reads_it() -> None:
    own, mended = (_read_domain(how) for how in ("own", "mended"))
    assert own == mended and "intents" in own


def test_scalars_of_every_kind_are_read_as_before_and_no_list_of_rules_grows() -> None:
    rasas_own = VersionedResolver.resolve
    expected = YAML(typ="safe", pure=True).load(SAMPLE)
    try:
        look_at_each_scalar_once()
        reader = YAML(typ="safe", pure=True)
        assert str(reader.load(SAMPLE)) == str(expected)
        rules = {letter: len(found) for letter, found in reader.resolver.versioned_resolver.items()}
        reader.load("\n".join(f"key{number}: value{number}" for number in range(100)))
        assert {letter: len(found) for letter, found in reader.resolver.versioned_resolver.items()} == rules
    finally:
        VersionedResolver.resolve = rasas_own


def _read_domain(how: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", READS_THE_DOMAIN, how]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
