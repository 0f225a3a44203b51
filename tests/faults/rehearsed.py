"""Imported once, before processes are forked: what each of them would read again is read here."""

from actions import wording
from casestore.documents import render_agreement
from casestore.pdf import pdf_available, render_agreement_pdf
from tests.casestore.drafts import agreement_draft
from tests.faults.accepting import POLICY

wording.exists("")
render_agreement(agreement_draft(POLICY), "zh")
if pdf_available():
    render_agreement_pdf(agreement_draft(POLICY), "zh")
