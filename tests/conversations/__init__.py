"""Whole conversations over the real channel, with the real bot, action server and case store.

Each test is named by what the person does. `people.py` makes invented borrowers, each test its own;
`steps.py` holds the parts of a conversation that many tests share. README.md says where a skill's
scenarios stand.
"""
