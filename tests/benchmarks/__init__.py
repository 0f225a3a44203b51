"""`make bench`: Respite beside Rasa's own starter bot, in the same run, against the limits."""
