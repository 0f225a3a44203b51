"""Nonsense and malice over the real channel: a little in every run of the tests, as much as you like by hand.

`python -m tests.fuzz 100000` starts a bot of its own and says so many messages to it.
"""
