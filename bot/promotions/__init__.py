"""Promotions by rules: what a code is for, whether it applies, what it takes off, and how that is told."""
