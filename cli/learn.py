"""`respite learn`: wordings the bot did not understand, and what borrowers said they meant by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from casestore import training_candidates
from casestore.training_candidates import Candidate, StaffMissing
from cli.exports import private_file
from cli.opening import DemoOption, fail, opened
from cli.output import console, print_json, print_table
from cli.today import lender_today
from cli.usage import refuse

# How the candidates are named for which no meaning offered was right.
NONE = "none"

LANGUAGES = ("zh", "en")
NUMBERS = re.compile(r"[0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*")


def register(app: typer.Typer) -> None:
    """Add the command to the staff command."""
    app.command("learn")(learn)


def numbers(text: str) -> str:
    """Numbers as the list shows them: 3, or 3,7, or 10-25."""
    if not text.isascii() or not NUMBERS.fullmatch(text):
        raise typer.BadParameter("not a list of numbers, such as 3,7 or 10-25.")
    return text


def language(text: str) -> str:
    """A language the bot speaks."""
    if text not in LANGUAGES:
        raise typer.BadParameter(f"not one of {', '.join(LANGUAGES)}.")
    return text


def learn(
    meaning: Annotated[
        str | None, typer.Option(help=f"Only this meaning, such as counter_offer, or {NONE}.")
    ] = None,
    of_language: Annotated[
        str | None, typer.Option("--language", parser=language, metavar="zh|en", help="Only this language.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write them as training examples, to be read first.")
    ] = None,
    done: Annotated[
        str | None,
        typer.Option(parser=numbers, metavar="NUMBERS", help="Take these off the list, e.g. 3,7 or 10-25."),
    ] = None,
    staff: Annotated[str | None, typer.Option(metavar="NAME", help="Who has reviewed those done.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
    demo: DemoOption = False,
) -> None:
    """List wordings that were not understood, with the meaning borrowers chose and how often."""
    if done is not None:
        _review(done, staff, demo)
        return
    with opened(demo) as store:
        waiting = training_candidates.waiting(store)
    chosen = [each for each in waiting if _is_wanted(each, meaning, of_language)]
    if export is not None:
        _export(chosen, export)
    elif as_json:
        print_json([_as_json(each) for each in chosen])
    else:
        _print(chosen)


def _review(done: str, staff: str | None, demo: bool) -> None:
    today = lender_today()
    with opened(demo) as store:
        waiting = [each.number for each in training_candidates.waiting(store)]
        try:
            count = training_candidates.review(store, _among(waiting, done), staff or "", today)
        except StaffMissing as problem:
            refuse(f"{problem} Use --staff NAME.")
    console.print(f"{count} reviewed; their wording is erased.", highlight=False)


def _among(waiting: Sequence[int], ranges: str) -> list[int]:
    """The numbers that wait and lie in `ranges`, such as 3,10-25."""
    ends = [tuple(int(end) for end in part.split("-")) for part in ranges.split(",")]
    return [number for number in waiting if any(each[0] <= number <= each[-1] for each in ends)]


def _is_wanted(candidate: Candidate, meaning: str | None, language: str | None) -> bool:
    return meaning in (None, candidate.chosen or NONE) and language in (None, candidate.language)


def _print(candidates: Sequence[Candidate]) -> None:
    table = Table("No.", "Language", "Wording", "Meaning chosen", "Times", "Last")
    for each in candidates:
        cells = (str(each.number), each.language, each.wording, each.chosen or NONE)
        table.add_row(*(escape(cell) for cell in cells), str(each.times), each.last_on.isoformat())
    print_table(table)


def _as_json(candidate: Candidate) -> dict[str, Any]:
    days = {"first_on": candidate.first_on.isoformat(), "last_on": candidate.last_on.isoformat()}
    return {**vars(candidate), "offered": list(candidate.offered), **days}


def _export(candidates: Sequence[Candidate], file: Path) -> None:
    try:
        with private_file(file, "utf-8") as target:
            target.writelines(f"{line}\n" for line in _as_training_data(candidates))
    except OSError as problem:
        fail(f"{file} can't be written: {problem.strerror}.")
    console.print(f"{len(candidates)} candidates written to {file}; read them before you use them.")


def _as_training_data(candidates: Sequence[Candidate]) -> Iterator[str]:
    """Rasa's format, by language and meaning; wordings without one as comments, for a person to place."""
    yield 'version: "3.1"'
    yield ""
    yield "nlu:"
    with_meaning = sorted((each for each in candidates if each.chosen), key=_place)
    for (spoken, meaning), group in groupby(with_meaning, key=_place):
        yield f"# {spoken}"
        yield f"- intent: {meaning}"
        yield "  examples: |"
        yield from (f"    - {_example(each.wording)}" for each in group)
    for each in candidates:
        if not each.chosen:
            yield f"# {each.language}, none of {', '.join(each.offered)}: {each.wording}"


def _place(candidate: Candidate) -> tuple[str, str]:
    return candidate.language, str(candidate.chosen)


def _example(wording: str) -> str:
    """The wording with nothing in it that Rasa would take for a marked value."""
    return wording.replace("](", "] (").replace("]{", "] {")
