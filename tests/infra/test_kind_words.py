"""No text threatens a borrower or advises new debt (CN-REDLINES in the rules pack, UK-NOPRESS)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]

THREATS = re.compile(
    r"后果自负|否则(?:我们|将)|立即还款|马上还款|必须还清|老赖|失信|坐牢|拘留|抓你|起诉您|起诉你|上门找|通知您的家人|曝光|欺诈罪"
    r"|or else|must pay (?:now|at once|immediately)|pay immediately|(?:we|I) will sue"
    r"|legal action against you|arrest|jail|prison|blacklist|deadbeat|your own fault"
    r"|tell your (?:family|employer)",
    re.IGNORECASE,
)
NEW_DEBT = re.compile(
    r"借新|再借|另借|找人借|向.{0,4}借|以贷养贷|套现"
    r"|borrow (?:from|elsewhere|more)|new loan|new debt|take out a|cash advance|cash from credit cards",
    re.IGNORECASE,
)
# A text may name what nobody should do, and only to say so.
WARNINGS = re.compile(
    r"不要借新|不能.{0,12}诱导您借新|也一样|Don't take on new debt|push you into new debt|The same goes for",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^。；;.!！?？\n]+[。；;.!！?？\n]?")


def _sentences() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        responses: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))[
            "responses"
        ]
        for name, variants in responses.items():
            for variant in variants:
                titles = [button["title"] for button in variant.get("buttons", [])]
                texts = [variant.get("text", ""), *titles]
                found += [(name, sentence) for text in texts for sentence in SENTENCE.findall(text)]
    return found


SENTENCES = _sentences()


def _advises_new_debt(sentence: str) -> bool:
    return bool(NEW_DEBT.search(sentence)) and not WARNINGS.search(sentence)


def test_no_text_threatens() -> None:
    assert [(name, text) for name, text in SENTENCES if THREATS.search(text)] == []


def test_no_text_advises_new_debt() -> None:
    assert [(name, text) for name, text in SENTENCES if _advises_new_debt(text)] == []


@pytest.mark.parametrize("text", ["再不还就通知您的家人。", "Pay immediately or else.", "我们会上门找您。"])
def test_a_threat_would_be_found(text: str) -> None:
    assert THREATS.search(text)


@pytest.mark.parametrize(
    "text", ["可以先找人借一点。", "You could borrow elsewhere.", "Take out a smaller loan."]
)
def test_advice_to_borrow_would_be_found(text: str) -> None:
    assert _advises_new_debt(text)
