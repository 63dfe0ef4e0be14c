"""`python -m bot` is `aisle`."""

from bot.cli import main

main()
