"""Invented shops: their passages, and questions to them with right answers. Every text is made by rules and a seed.

A family (`catalogue`, `terms`, `faq`) is a module with `ask(rng, shop) -> Iterator[Asked]`, all that one shop is asked
about it. Nothing here was taken from a shop, and least of all from the sample shop, on which the model is judged.
"""
