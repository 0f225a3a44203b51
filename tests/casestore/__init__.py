"""The case store, tested whole on real SQLite and real PostgreSQL."""
