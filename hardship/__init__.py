"""The domain of Respite in plain typed Python: loans, statements, plans, policy, negotiation, cases.

Money is an integer of minor units (fen); arithmetic inside is Decimal. Rates are annual fractions.
Nothing here knows of Rasa, databases or channels, and no number of law or policy is written here.
"""
