"""The words for what a loan is: its product and its method of repayment."""

from __future__ import annotations

from enum import Enum


class Product(str, Enum):
    """Whom the loan serves."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class Method(str, Enum):
    """How the loan is repaid: 等额本息, 等额本金, 先息后本, 手续费分期 (a flat fee each month)."""

    ANNUITY = "annuity"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_FIRST = "interest_first"
    FLAT_FEE = "flat_fee"
