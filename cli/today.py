"""The lender's rules, and which day it is for the lender."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from casestore.clock import today_in
from cli.usage import refuse
from hardship.policy import Policy, PolicyError, load_policy, load_policy_in_force


def policy_in_force(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> Policy:
    """The pack in `file`, else of RESPITE_POLICY, else the Chinese one; a bad one ends the command."""
    try:
        return load_policy(file) if file else load_policy_in_force(environment)
    except PolicyError as problem:
        refuse(str(problem))


def lender_today(environment: Mapping[str, str] = os.environ, policy: Policy | None = None) -> date:
    """Today in the time zone of the lender's pack; RESPITE_TODAY (ISO) fixes it for demos and tests."""
    rules = policy or policy_in_force(environment=environment)
    try:
        return today_in(rules.lender.timezone.value, environment)
    except ValueError:
        refuse("RESPITE_TODAY must be a date such as 2026-11-24.")
