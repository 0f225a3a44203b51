"""The lender's desk, tested against servers that behave as the real ones do."""
