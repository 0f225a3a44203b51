"""The chat widget in headless Chromium, against a small server with scripted answers (`fake_server.py`).

`test_whole_conversation.py` drives it against the whole product instead. `pages.py` is the page as
a borrower uses it.
"""
