"""The case store: the record of accounts, conversations, cases, offers, agreements and hand-offs.

Everything here is durable, encrypted where it is personal, and audited in the transaction that changed it.
It imports `hardship` and knows nothing of Rasa, channels or wording.
"""
