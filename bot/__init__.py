"""What the Rasa server loads: understanding, channels, response choice and the tracker store.

Nothing here decides about money. `bot` imports no `actions`; only `bot.channels` may read `casestore`.
"""
