"""The staff command, run as staff run it."""
