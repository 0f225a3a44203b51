"""Rasa's own command line, started faster: `python -m bot run …` instead of `python -m rasa run …`."""

from __future__ import annotations

import sys

from rasa.__main__ import main

from bot.faster_rasa import (
    hash_examples_by_text,
    know_an_empty_domain,
    look_at_each_scalar_once,
    trust_the_model,
)

# What only loads a model and reads no training data.
SERVING = {"run", "shell"}

if __name__ == "__main__":
    look_at_each_scalar_once()
    hash_examples_by_text()
    if SERVING.intersection(sys.argv[1:2]):
        trust_the_model()
        know_an_empty_domain()
    main()
