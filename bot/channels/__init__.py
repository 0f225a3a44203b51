"""How borrowers reach Rasa: the web channel, its session tokens, limits, pages and record of what was shown.

A channel authenticates, limits, strips typed `/…` and hands the message on; it decides nothing about a case.
The sender id is always the subject of a signed token, never something the client says.
"""
