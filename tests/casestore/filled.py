"""A case with something personal in every kind of record, in words that stand nowhere else."""

from __future__ import annotations

from pathlib import Path

from casestore import (
    agreement,
    complaints,
    contact_preferences,
    data_requests,
    disputes,
    handoffs,
    messages,
    outbox,
    plan,
)
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load, open_case

SESSION = "a"
CODE = "914273"
HOUSING = 150733

# Wang's own, and what is in the words below.
PERSONAL = (
    *(WANG[name] for name in ("name", "phone", "id_number", "loan_number")),
    *(CODE, str(HOUSING), "月牙泉", "鸣沙山", "阳关", "玉门"),
)


def fill(store: CaseStore, folder: Path, policy: Policy, sender: KeepingSender, pdf: bytes = b"%PDF") -> None:
    """Wang's case up to an agreement with this `pdf`, and after; beside Li's account. In demo mode only."""
    load(store, folder, WANG, LI)
    case_id = open_case(store, SESSION, WANG, policy, sender, housing=HOUSING)
    offer = plan.propose(store, case_id, policy, TODAY).offers[0]
    agreement.accept(
        store,
        case_id,
        offer.offer_id,
        "k",
        "zh",
        lambda draft: f"<p>{draft.reference}</p>",
        lambda draft: pdf,
    )
    for number in range(5):
        messages.append(store, SESSION, "borrower", {"text": f"我住在月牙泉{number}号"}, f"c{number}")
    outbox.put(store, WANG["phone"], CODE, "zh")
    handoffs.request(store, SESSION, "asked_for_person", policy)
    complaints.receive(store, SESSION, "contact", "他们去了鸣沙山找我", policy, TODAY)
    disputes.raise_dispute(store, SESSION, "wrong_amount", policy, TODAY, "合同在阳关签的")
    contact_preferences.prefer(store, SESSION, "call", "evening", "打玉门的座机")
    data_requests.make_copy(store, SESSION, str, policy, TODAY)
