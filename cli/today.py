"""Which day it is for the lender."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date

from casestore.clock import today_in
from cli.environment import ROOT
from hardship.policy import load_policy


def lender_today(environment: Mapping[str, str] = os.environ) -> date:
    """Today in the time zone of the lender's pack; RESPITE_TODAY (ISO) fixes it for demos and tests."""
    policy = load_policy(environment.get("RESPITE_POLICY") or ROOT / "policies" / "cn.yml")
    return today_in(policy.lender.timezone.value, environment)
