"""What the action server loads: one module for each purpose of a skill, each a thin adapter.

An action reads the tracker, calls one service of `casestore`, and returns events and response ids.
Nothing is decided here (see `hardship`), nothing is worded here (see `data/responses`), and nothing is
remembered only in the tracker (see `casestore`).
"""

from casestore import log_guard

# Here, because whatever is loaded of ours first loads this: before the first call can come in.
log_guard.install()
