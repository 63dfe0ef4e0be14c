"""Aisle's chat server: dialogue, staff desk, generators, state and the command line."""
