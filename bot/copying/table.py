"""Rows of what a network keeps of each chat: its source as read, and the pieces said so far.

One kind of array for torch and for numpy: all that is needed is to make zeros and to assign. The rows in use are the
first ones, so that a step takes a view of them and copies nothing; widths are rounded up, so that they seldom change.
"""

from collections.abc import Callable, Mapping
from typing import Any

Shape = tuple[int, ...]
ROOMS = 1, 4, 16
"""Rows that there is room for, at first and each time that there is none; then as many more as the last."""


def rounded(size: int, by: int) -> int:
    """The next multiple."""
    return -(-size // by) * by


class Table:
    """Arrays of `(rows, …)`, each with one axis that grows.

    Args:
        zeros: Makes an array of a shape.
        shapes: Of a row of each array, with 0 for the growing axis.
        by: What the growing axis is a multiple of.
    """

    def __init__(self, zeros: Callable[[Shape], Any], shapes: Mapping[str, Shape], by: int) -> None:
        self._zeros, self._shapes, self._by = zeros, dict(shapes), by
        self.rows = self.width = self._room = 0
        self._arrays: dict[str, Any] = {}

    def add(self, width: int) -> int:
        """A new last row with room for `width`, whatever stands in it; its number."""
        if not self.rows:
            self.width = self._room = 0  # what a former, wider row needed
        room = next((n for n in ROOMS if n > self.rows), rounded(self.rows + 1, ROOMS[-1]))
        self._fit(max(room, self._room), width)
        self.rows += 1
        return self.rows - 1

    def widen(self, width: int) -> None:
        """Make room for `width` in every row."""
        self._fit(self._room, width)

    def _fit(self, room: int, width: int) -> None:
        width = max(rounded(width, self._by), self.width)
        if (room, width) == (self._room, self.width):
            return
        made = {name: self._zeros((room, *(n or width for n in shape))) for name, shape in self._shapes.items()}
        if self.rows:
            for name, array in made.items():
                array[self._where(name, slice(0, self.rows), 0, self.width)] = self.view(name)
        self._arrays, self._room, self.width = made, room, width

    def _where(self, name: str, row: Any, start: int, size: int) -> tuple[Any, ...]:
        cut = slice(start, start + size)
        return (row, *(slice(None) if n else cut for n in self._shapes[name]))

    def put(self, name: str, row: int, value: Any, start: int = 0) -> None:
        """Write into a row, from `start` of the growing axis on."""
        size = value.shape[self._shapes[name].index(0)]
        self._arrays[name][self._where(name, row, start, size)] = value

    def drop(self, row: int) -> None:
        """Free a row; the last takes its place."""
        self.rows -= 1
        if row != self.rows:
            for array in self._arrays.values():
                array[row] = array[self.rows]

    def view(self, name: str) -> Any:
        """The rows in use."""
        return self._arrays[name][: self.rows]
