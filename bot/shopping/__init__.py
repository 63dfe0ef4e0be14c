"""Shopping by rules over the catalogue: wishes understood, filtered, ranked, reasoned; products recommended."""
