"""The slots that say where the talk is, and how all of them are forgotten."""

from __future__ import annotations

from actions.events import Events, leave_form, set_slot

# Of the forms that take in a complaint, a dispute, a wish about data or feedback; each starts afresh.
INTAKE_SLOTS = (
    "complaint_when",
    "complaint_who",
    "complaint_channel",
    "complaint_words",
    "disclosure_party",
    "disclosure_when",
    "disclosure_channel",
    "preferred_channel",
    "preferred_hours",
    "ground_named",
    "dispute_words",
    "fraud_named",
    "data_wish_named",
    "data_words",
    "feedback_rating",
    "paid_amount",
    "paid_on",
)

# Slots that say where the talk is. All are forgotten when a borrower starts over or is someone else.
FLOW_SLOTS = (
    "goal",
    "privacy_consent",
    "identity_login",
    "identity_last_four",
    "identity_code",
    "loan_choice",
    "detail_consent",
    "health_mentioned",
    "health_consent",
    "hardship_cause",
    "hardship_since",
    "hardship_duration",
    "hardship_purpose",
    "monthly_income",
    "housing",
    "living_costs",
    "other_debts",
    "statement_confirmed",
    "doubted_field",
    "plan_choice",
    "offers_shown",
    "countered_option",
    "wanted_kind",
    "rounds_over",
    "request_confirmed",
    "agreement_accepted",
    "withdrawal_confirmed",
    "change_wanted",
    *INTAKE_SLOTS,
    "misunderstandings",
    "forms_left",
    "topics_waiting",
    "topic",
    "topic_choice",
    "called_off",
    "resume_choice",
    "restart_confirmed",
    "returning",
)


def forget_flow() -> Events:
    """Leave the open form and clear every slot about where the talk is."""
    return [*leave_form(), *(set_slot(name, None) for name in FLOW_SLOTS)]
