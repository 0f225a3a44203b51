"""The lender's desk: tells it of hand-offs and of what borrowers write, and takes its people's answers.

One desk at a time: any program that takes signed webhooks (`webhook.py`), or Chatwoot (`chatwoot.py`).
Without one, people work from `respite queue`.
"""
