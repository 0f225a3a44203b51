"""What can go wrong in the case store. No message here ever contains a borrower's data."""

from __future__ import annotations


class CaseStoreError(Exception):
    """Base of all errors raised by the case store."""


class KeysMissing(CaseStoreError):
    """The encryption or look-up keys are not configured, or are malformed."""


class BadSetting(CaseStoreError):
    """An environment variable of the store's has a value it can't have."""


class StoreOutdated(CaseStoreError):
    """The database has another version than this program; the message says what to run."""


class NaiveTime(CaseStoreError):
    """A time without a zone was about to be stored."""


class NotWholeUnits(CaseStoreError):
    """An amount that is no integer of minor units was about to be stored."""


class NotFound(CaseStoreError):
    """The session, case, loan or offer named does not exist."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")
        self.what = what


class CaseClosed(CaseStoreError):
    """The case no longer takes answers or offers."""


class UnknownField(CaseStoreError):
    """A statement field that no case has."""


class OfferNotAcceptable(CaseStoreError):
    """The offer can't be accepted: expired, superseded, foreign, case_closed or already_agreed."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The offer can't be accepted: {reason}.")
        self.reason = reason


class NotWithdrawable(CaseStoreError):
    """The agreement can't be withdrawn from: cooling_off_over."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The agreement can't be withdrawn from: {reason}.")
        self.reason = reason


class ImportFailed(CaseStoreError):
    """A file of the lender's that can't be read at all."""


class RightsRefused(CaseStoreError):
    """A database user can't be given the bot's rights; the message says why."""


class BackupFailed(CaseStoreError):
    """A backup can't be made or brought back; the message says why, and nothing was changed."""
