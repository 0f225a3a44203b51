"""What every action needs from outside: the case store, the policy, the code sender and today's date."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from actions.code_senders import sender_from_environment
from casestore.clock import today_in
from casestore.store import CaseStore
from hardship.identity import CodeSender
from hardship.policy import Policy, load_policy_in_force


@dataclass(frozen=True)
class Services:
    """The doors an action may go through; tests hand in their own."""

    store: CaseStore
    policy: Policy
    sender: CodeSender
    today: Callable[[], date]


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this process, opened once from the environment.

    Raises `PolicyError` for a bad policy pack and `KeysMissing` without keys, so that a broken
    installation stops at the start and not in front of a borrower.
    """
    policy = load_policy_in_force(os.environ)
    store = CaseStore.open()
    zone = policy.lender.timezone.value
    return Services(store, policy, sender_from_environment(store), lambda: today_in(zone))
