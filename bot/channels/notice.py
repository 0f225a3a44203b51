"""The privacy notice as a page, from data/documents/privacy.{zh,en}.yml and the policy in force."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.wording import LANGUAGES
from hardship.policy import Policy, Rule, load_policy_in_force

FOLDER = Path(__file__).resolve().parents[2] / "data" / "documents"


def notices_from(environment: Mapping[str, str]) -> dict[str, str]:
    """The complete HTML page by language, with the rules of the pack that RESPITE_POLICY names.

    Raises `PolicyError` for a bad pack.
    """
    policy = load_policy_in_force(environment)
    template = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("privacy.html.j2")
    notices = {language: _notice(policy, language) for language in LANGUAGES}
    return {
        language: template.render(notice=notice, other=_other(notices, language))
        for language, notice in notices.items()
    }


def _notice(policy: Policy, language: str) -> dict[str, Any]:
    """The texts of the notice in `language`, with the policy's values in them."""
    texts = yaml.safe_load((FOLDER / f"privacy.{language}.yml").read_text(encoding="utf-8"))
    rules = {name: rule.value for name, rule in policy.privacy if isinstance(rule, Rule)}
    values = {
        **rules,
        "version": policy.privacy.notice_version.value,
        "lender": getattr(policy.lender.name.value, language),
        "phone": policy.lender.phone.value,
    }
    filled: dict[str, Any] = _filled(texts, values)
    return filled


def _filled(part: Any, values: Mapping[str, object]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_filled(each, values) for each in part]
    return str(part).format(**values)


def _other(notices: Mapping[str, Mapping[str, Any]], language: str) -> dict[str, str]:
    (path,) = (each for each in notices if each != language)
    return {"path": path, "language": str(notices[path]["language"])}
