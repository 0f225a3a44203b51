"""The tests mirror the rooms; `conversations` talks to the running bot, `infra` checks the repository."""
