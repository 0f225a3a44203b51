"""Imported once, before action servers are forked: what each of them would do again is done here.

The PDF takes as long as all else together and asks no database: each of them gets this one, a real one.
"""

import gc
from pathlib import Path
from tempfile import TemporaryDirectory

from rasa_sdk.executor import ActionExecutor

from actions import agreement, base
from actions.services import Services
from casestore import migrations
from casestore.keys import demo_keys
from casestore.pdf import pdf_available, render_agreement_pdf
from casestore.store import CaseStore
from tests.actions.helpers import SESSION, Said, answer
from tests.casestore.conftest import SetClock
from tests.casestore.drafts import agreement_draft
from tests.casestore.people import TODAY, WANG, KeepingSender, load, with_offers
from tests.faults.accepting import POLICY

ActionExecutor().register_package("actions")

if pdf_available():
    _pdf = render_agreement_pdf(agreement_draft(POLICY), "zh")
    agreement.render_agreement_pdf = lambda *_: _pdf

with TemporaryDirectory() as _folder:
    _store = CaseStore.open(f"sqlite:///{_folder}/rehearsed.db", demo_keys(), SetClock())
    migrations.migrate(_store)
    load(_store, Path(_folder), WANG)
    _sender = KeepingSender()
    _, _proposal = with_offers(_store, SESSION, WANG, POLICY, _sender)
    base.services = lambda: Services(_store, POLICY, _sender, lambda: TODAY)  # type: ignore[assignment]
    answer(
        agreement.ValidateAgreementForm(),
        Said("我接受", "affirm"),
        "agreement_accepted",
        plan_choice=_proposal.offers[0].offer_id,
    )
    _store.close()

# What is here already is looked through by no process again, and so not copied.
gc.freeze()
