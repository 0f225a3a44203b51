"""Intents that name a cause. Illness is told apart: it is health data and waits for a consent of its own."""

from hardship.situations import Cause

CAUSES = {
    "hardship_job_loss": Cause.JOB_LOSS,
    "hardship_reduced_income": Cause.REDUCED_INCOME,
    "hardship_illness": Cause.ILLNESS,
    "hardship_business_downturn": Cause.BUSINESS_DOWNTURN,
    "hardship_family_event": Cause.FAMILY_EVENT,
    "hardship_disaster": Cause.DISASTER,
    "hardship_overspending": Cause.OVERSPENDING,
    "hardship_overindebted": Cause.OVERINDEBTED,
}
