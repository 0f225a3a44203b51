"""Tables in plain text, for a terminal: the only channel without cards whose letters are all equally wide."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Rasa's name of the channel behind `rasa shell`.
CHANNEL = "cmdline"
# Wider than any table here, so that no cell is cut; the terminal itself breaks what it has no room for.
MOST_CELLS = 200


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows below a head, the first column to the left and figures to the right.

    Widths are counted in the terminal's cells, of which a Chinese character takes two.
    """
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(head):
        drawn.add_column(Text(name), justify="right" if number else "left", no_wrap=True)
    for row in rows:
        drawn.add_row(*map(Text, row))
    written = io.StringIO()
    Console(file=written, width=MOST_CELLS, color_system=None).print(drawn)
    lines = (line.rstrip() for line in written.getvalue().splitlines())
    return "\n".join(line for line in lines if line)
