"""Tests of the repository itself: locks, docs, language parity, launchers and the action server's door."""
