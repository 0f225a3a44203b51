"""What the Rasa server loads: understanding, channels, response choice and the tracker store.

Nothing here decides about money. `bot` imports no `actions`; only `bot.channels` may read `casestore`.
"""

from casestore import log_guard

# Here, because whatever Rasa loads of ours first, it loads this: before the first message can come in.
log_guard.install()
