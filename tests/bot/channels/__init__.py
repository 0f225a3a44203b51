"""The web channel against a real server and real sockets on loopback; only Rasa behind it is played."""
