"""Rasa graph components of `config.yml`; each adapts one pure helper of `bot.nlu`."""
