"""Evaluation, benchmarks and training. Nothing in the serving path imports this package."""
