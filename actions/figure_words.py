"""Words right between an amount and what it belongs to, from `data/figure_words.yml`."""

from __future__ import annotations

from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parent.parent / "data" / "figure_words.yml"
_WORDS: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))

LEADS_TO = tuple(_WORDS["leads_to"])
JOINS = frozenset(_WORDS["joins"])
IS_LEFT = tuple(_WORDS["is_left"])
SOMETHING_ELSE = tuple(_WORDS["something_else"])
