"""README says what is true today."""

import re

import pytest

from bot.lab import readme

TEXT = (readme.ROOT / "README.md").read_text(encoding="utf-8")


def test_the_generated_parts_are_fresh() -> None:
    """Settings, tree and figures are what `python -m bot.lab.readme` writes now."""
    assert readme.filled(TEXT) == TEXT


def test_every_file_says_what_it_is() -> None:
    """No source file is without a first line of documentation."""
    silent = [str(path) for path in readme.sources() if readme.about(readme.ROOT / path) == "?"]
    assert silent == []


def test_every_file_and_picture_that_readme_links_to_exists() -> None:
    """No link of README leads nowhere."""
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link]
    assert links
    assert [link for link in links if not (readme.ROOT / link).exists()] == []


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_two_commands_are_targets_of_the_makefile(command: str) -> None:
    """The commands that README promises exist."""
    makefile = (readme.ROOT / "Makefile").read_text(encoding="utf-8")
    assert command in TEXT
    assert re.search(rf"^{command.split()[1]}:", makefile, re.M)
