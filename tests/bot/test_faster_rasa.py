"""What was made faster in Rasa gives what Rasa's own gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import rasa.shared.utils.io  # noqa: F401  adds the rule that makes the lists grow
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import validation
from ruamel.yaml import YAML
from ruamel.yaml.resolver import VersionedResolver

from bot.faster_rasa import (
    hash_examples_by_text,
    know_an_empty_domain,
    look_at_each_scalar_once,
    trust_the_model,
)

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
import pytest
import rasa.shared.utils.io as io
from bot.faster_rasa import look_at_each_scalar_once
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


def test_a_models_domain_is_taken_without_a_comparison_and_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = (ROOT / "domain.yml").read_text(encoding="utf-8")
    compared, validate = list[object](), validation.validate_yaml_schema

    def compare(*args: object, **options: object) -> None:
        compared.append(args)
        validate(*args, **options)

    monkeypatch.setattr(validation, "validate_yaml_schema", compare)
    rasas_own = Domain.from_yaml(written)
    assert compared
    compared.clear()
    trust_the_model()
    assert Domain.from_yaml(written).as_dict() == rasas_own.as_dict() and not compared


def test_an_empty_domain_is_known_and_built_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Domain.from_yaml((ROOT / "domain.yml").read_text(encoding="utf-8"))
    nothing = Domain.empty()
    own = [domain.is_empty() for domain in (ours, nothing)]
    monkeypatch.setattr(Domain, "is_empty", Domain.is_empty)  # put back at the end
    know_an_empty_domain()
    monkeypatch.setattr(Domain, "empty", lambda: pytest.fail("built again"))
    assert [domain.is_empty() for domain in (ours, nothing)] == own == [False, True]


def test_the_same_examples_are_left_out_as_rasa_leaves_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [("hello", "greet"), ("hello", "goodbye"), ("hello", "greet"), ("bye", "goodbye")]

    def kept() -> list[tuple[str, str]]:
        examples = [Message.build(text=text, intent=intent) for text, intent in said]
        return [(each.get(TEXT), each.get(INTENT)) for each in TrainingData(examples).training_examples]

    own = kept()
    monkeypatch.setattr(Message, "__hash__", Message.__hash__)  # put back at the end
    hash_examples_by_text()
    assert kept() == own == [("hello", "greet"), ("hello", "goodbye"), ("bye", "goodbye")]


def _read_domain(how: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", READS_THE_DOMAIN, how]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
