"""Skill hardship: the figures of a message, told in any order, whatever question is open.

"I get 5200 now and the rent is 1800, my half of it": each amount belongs to the word in its own clause. What
is taken is said; a later figure takes the place of an earlier one and that is said; where it may come on top,
or may be counted in two ways, the borrower is asked and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions import clauses, figures, mixed_figures
from actions.cause_names import CAUSES
from actions.clauses import Clause
from actions.figures import (
    ADDED_UP,
    DIFFERENCE,
    HOUSING,
    INCOME,
    NET,
    NOT_TODAY,
    OWN_PART,
    SETTLED,
    SHARED,
    Figure,
    Monthly,
)
from actions.forms import Answer
from actions.situation import is_correction
from actions.statement import asked_before, given, is_doubted, may_record, record, say_reckoned
from actions.turn import NO_TOPIC, PLAINLY, Turn
from actions.wishes import WISHES
from hardship.statements import FIELDS, implausible

LIVING, DEBTS = "living_costs", "other_debts"
# Meanings beside which figures are told; in a message about anything else they are part of that.
BESIDE = NO_TOPIC | set(CAUSES) | WISHES | {
    "correct_detail", "report_hardship", "ask_budget_advice", "accept_offer", "reject_offer", "thank",
    "ask_debt_advice",
}  # fmt: skip
# So much nearer counts a word that stands before its amount.
_BEHIND = 4
# A list of so many fields, or of one field with so many words, leaves nothing for later.
_A_WHOLE_LIST = 3
# A sum may be rounded down by a tenth.
_ROUNDED = 10
_TOO_HIGH = "amount_unusually_high"
_NO_FIGURE = frozenset({"lent", DIFFERENCE, SHARED}) | NOT_TODAY


@dataclass(frozen=True)
class Told:
    """One amount with the field it belongs to, minor units a month (None: unclear), and the words for it."""

    field: str
    figure: Figure
    minor: int | None
    words: frozenset[str]
    sentence: int
    has_own_words: bool = False


def read(turn: Turn, open_question: str = "") -> list[Told]:
    """The figures of the message that are of a field of the statement, in the order they were said."""
    found, told = clauses.of(turn), []
    before: str | None = None
    last_words: frozenset[str] = frozenset()
    for figure in figures.said(turn):
        number = clauses.at(found, figure.entity)
        if mixed_figures.fields_of(turn, figure.entity):
            continue
        field, words = _field_of(turn, found, number, figure, before, open_question)
        words, last_words = words or (last_words if figure.role == OWN_PART else words), words
        if field is None or figure.period == "whole_debt" or figure.role in _NO_FIGURE:
            before = field or before
            continue
        if figure.entity.get("offered") and field != DEBTS or figure.role == "away" and field == INCOME:
            continue
        minor = figures.a_month(_with_days(turn, figure), figure, field)
        own = mixed_figures.words_before(turn, found[number], figure.entity, _words(turn, found[number]))
        told.append(Told(field, figure, minor, words, _sentence(turn, figure), bool(own)))
        before = field
    return told


def _with_days(turn: Turn, figure: Figure) -> Turn:
    """Where a day's wage is told anew without the days, the message that told them: "it is 110 a day"."""
    if figure.period not in ("day", "hour") or figures.worked(turn):
        return turn
    return next((each for each in turn.earlier() if figures.worked(each)), turn)


def _sentence(turn: Turn, figure: Figure) -> int:
    ahead = turn.text[: int(figure.entity.get("start", 0))]
    return sum(ahead.count(mark) for mark in ("! ", "? ", ". ", "\u3002", "\uff01", "\uff1f", "\n"))


def _field_of(
    turn: Turn, found: Sequence[Clause], number: int, figure: Figure, before: str | None, open_question: str
) -> tuple[str | None, frozenset[str]]:
    """The field that the words in the amount's own clause name, else those of the clause before it."""
    here = _words(turn, found[number])
    if not here and before and figure.role == SETTLED:
        return before, frozenset()  # "on a good day 250. Let us say 4,500 in a month"
    if here:
        nearest = min(here, key=lambda each: _distance(each, figure.entity))
        same = [each for each in here if each["value"] == nearest["value"]]
        listed = _listed_before(turn, found, number, str(nearest["value"]))
        return str(nearest["value"]), frozenset(_text(turn, each) for each in [*listed, *same])
    behind = _clause_with_words(turn, found, number, figure)
    if behind and (words := _words(turn, behind)):
        last = words[-1]
        return str(last["value"]), frozenset({_text(turn, last)})
    if before and figure.role == OWN_PART:
        return before, frozenset()
    if any(found[number].holds(each) for each in turn.entities("left_out")):
        asked = open_question if open_question in FIELDS else None
        return before or asked or _last_told(turn) or LIVING, frozenset()
    if figure.period in ("day", "hour") and figures.worked(_with_days(turn, figure)):
        return INCOME, frozenset()
    # Beside one rent or one wage another amount is a doubt, and asked about.
    goes_on = before is not None and _lists_on(turn, found[number], before)
    return (before, frozenset()) if goes_on else (None, frozenset())


def _clause_with_words(turn: Turn, found: Sequence[Clause], number: int, figure: Figure) -> Clause | None:
    """The clause before with the words for an amount; a sum may come later, as "benefits plus gigs, so 900".

    None where an amount or the end of a sentence lies between.
    """
    reach = number if figure.role in ("total", SETTLED) or _is_joined(turn, found, number) else 1
    for clause in reversed(found[max(0, number - reach) : number]):
        between = turn.text[clause.end : found[number].start]
        if any(clause.holds(each) for each in turn.entities("money")):
            return None
        if _words(turn, clause) or reach == 1:
            return clause
        if set(".!?\u3002\uff01\uff1f\n") & set(between):
            return None
    return None


def _is_joined(turn: Turn, found: Sequence[Clause], number: int) -> bool:
    """Whether no mark stands before a clause: "benefits plus a bit of gardening so 900"."""
    return number > 0 and not turn.text[found[number - 1].end : found[number].start].strip()


def _listed_before(turn: Turn, found: Sequence[Clause], number: int, field: str) -> list[dict[str, Any]]:
    """The words of a list that ends in one amount: "food and mobile and petrol 900"."""
    listed: list[dict[str, Any]] = []
    end = found[number].start
    for clause in reversed(found[:number]):
        words = _words(turn, clause)
        ends = set(".!?\u3002\uff01\uff1f\n") & set(turn.text[clause.end : end])
        others = {str(each["value"]) for each in words} - {field}
        if ends or others or any(clause.holds(each) for each in turn.entities("money")):
            break
        listed, end = [*listed, *words], clause.start
    return listed


def _last_told(turn: Turn) -> str | None:
    """The field of the last figure before: "the other one is 180" is one of those."""
    latest = next(iter(turn.earlier()), None)
    told = read(latest) if latest is not None and latest.entities("money") else []
    return told[-1].field if told else None


def _lists_on(turn: Turn, clause: Clause, before: str) -> bool:
    """Whether a clause goes on with a list: nothing of a wish in it, and no sentence ended before."""
    ahead = turn.text[: clause.start].rstrip()
    wishes = clause.intent in WISHES if before in ADDED_UP else turn.heard in WISHES
    return ahead[-1:] not in tuple(".!?\u3002\uff01\uff1f\n") and not wishes


def _words(turn: Turn, clause: Clause) -> list[dict[str, Any]]:
    zeros = turn.entities("zero")
    return [
        each
        for each in turn.entities("statement_field")
        if clause.holds(each) and not figures.overlaps(each, zeros)
    ]


def _distance(word: Mapping[str, Any], amount: Mapping[str, Any]) -> int:
    ahead = int(amount.get("start", 0)) - int(word.get("end", 0))
    return ahead if ahead >= 0 else int(word.get("start", 0)) - int(amount.get("end", 0)) + _BEHIND


def _text(turn: Turn, word: Mapping[str, Any]) -> str:
    return turn.text[word.get("start", 0) : word.get("end", 0)].casefold()


@dataclass(frozen=True)
class Sum:
    """What a message comes to for one field: minor units a month, None where that is not clear."""

    amount: int | None
    parts: tuple[Told, ...]
    monthly: Monthly

    @property
    def words(self) -> frozenset[str]:
        """The words by which it was named."""
        return frozenset().union(*(each.words for each in self.parts))


def sums(turn: Turn, told: Sequence[Told]) -> dict[str, Sum]:
    """What the figures come to, by field."""
    return {
        field: _sum(turn, field, [each for each in told if each.field == field])
        for field in dict.fromkeys(each.field for each in told)
    }


def _sum(turn: Turn, field: str, parts: Sequence[Told]) -> Sum:
    kept = list(parts)
    if field not in ADDED_UP and any(each.minor is not None for each in parts):
        # "On a good day 250. Let us say 4,500 in a month"
        kept = [each for each in parts if each.figure.role == SETTLED] or kept
        parts = kept
    if field == INCOME:
        kept = _what_is_left(kept)
    elif field in ADDED_UP:
        kept = [each for each in parts if each.figure.role not in ("given", NET)]
    amounts = [each.minor for each in kept]
    reckoned = next((each.figure for each in kept if each.figure.period != "month"), None)
    monthly = Monthly(reckoned=reckoned, about=any(each.figure.entity.get("ambiguous") for each in kept))
    if not kept or any(amount is None for amount in amounts):
        return Sum(None, tuple(kept or parts), monthly)
    whole = [each.minor for each in kept if each.figure.role == "total"]
    if field in ADDED_UP:
        return Sum(_added_up(turn, kept), tuple(kept), monthly)
    if whole or len(set(amounts)) == 1:
        last = int((whole or amounts)[-1] or 0)
        if field == HOUSING and not whole:
            shared = figures.own_share(turn, Monthly((last,), reckoned), [kept[0].figure])
            return Sum(shared.amounts[0] if shared.amounts else None, tuple(kept), shared)
        return Sum(last, tuple(kept), monthly)
    return Sum(None, tuple(kept), monthly)


def _what_is_left(parts: list[Told]) -> list[Told]:
    """What is left after costs, where the amount beside it can be what it is left of: it is no more."""
    nets = [each for each in parts if each.figure.role == NET]
    rest = [int(each.minor or 0) for each in parts if each.figure.role != NET]
    is_left = nets and all(int(each.minor or 0) <= whole for each in nets for whole in rest)
    return nets if is_left else parts


def _added_up(turn: Turn, parts: Sequence[Told]) -> int | None:
    """All of a list; a total takes the place of what its own sentence listed before it.

    With words of its own it is the sum of those: "the car 310, two cards 90 together". None where it is
    less than what it would be the sum of.
    """
    by_sentence: dict[int, int] = {}
    for each in parts:
        minor = int(each.minor or 0)
        of_its_own = each.has_own_words and not (each.field == LIVING and _names_the_whole(turn, each))
        whole = each.figure.role == "total" and not of_its_own
        if whole and minor * _ROUNDED < by_sentence.get(each.sentence, 0) * (_ROUNDED - 1):
            return None
        by_sentence[each.sentence] = minor if whole else by_sentence.get(each.sentence, 0) + minor
    return sum(by_sentence.values())


def _names_the_whole(turn: Turn, each: Told) -> bool:
    """Whether a total stands beside a word for all that living takes: "living costs are 900 in all"."""
    said = {_text(turn, word) for word in turn.entities("living_whole")}
    return bool(said & each.words)


def note(turn: Turn, open_question: str) -> Answer | None:
    """Keep the figures told beside the open question, each said; None where there are none to speak of."""
    if turn.heard not in BESIDE or not turn.entities("money") or not may_record(turn):
        return None
    if left_out := _not_counted(turn, open_question):
        return left_out
    of_several = mixed_figures.say(turn)
    told = read(turn, open_question)
    found = sums(turn, told)
    for field in _nones(turn, found):
        found[field] = Sum(0, (), Monthly())
    if turn.entities("told_party") and _is_theirs(turn, found):
        theirs = found.pop(INCOME)
        if not found and open_question != INCOME:
            return _theirs_wait(turn, open_question, theirs)
    beside = {field: each for field, each in found.items() if field != open_question}
    if not beside or _begins_with_another(turn, found):
        return Answer({open_question: None}) if of_several else None
    answer = _Notes(turn, open_question, given(turn))
    # What is asked about comes last, next to the question.
    for field, each in sorted(found.items(), key=lambda one: one[0] in answer.held):
        answer.take(field, each, is_whole_list=len(found) >= _A_WHOLE_LIST)
    say_unplaced(turn, open_question, told)
    return answer.made()


def say_unplaced(turn: Turn, open_question: str, told: Sequence[Told]) -> bool:
    """Amounts that no word places are said not to be kept: nothing is dropped in silence."""
    placed = [each.figure.entity for each in told]
    left = [
        figure
        for figure in figures.said(turn)
        if figure.entity not in placed
        and figure.said
        and not mixed_figures.fields_of(turn, figure.entity)
        and figure.period != "whole_debt"
        and figure.role not in (*_NO_FIGURE, "total", "given")
        and not figure.entity.get("offered")
    ]
    fields = [each for each in FIELDS if each not in given(turn) and each != open_question]
    if not left or not fields or open_question in FIELDS or turn.heard in WISHES:
        return False
    comma = turn.phrase("utter_comma")
    labels = comma.join(turn.phrase(f"utter_label_{each}") for each in fields)
    amounts = " + ".join(turn.money(int(each.said or 0)) for each in left)
    turn.say("utter_figure_waits", amount=amounts, field=labels)
    return True


def _nones(turn: Turn, found: Mapping[str, Sum]) -> list[str]:
    """Fields that a clause without an amount says to be nothing: "no other debts, thank goodness"."""
    held = given(turn)
    return [
        field
        for field in (HOUSING, DEBTS)
        if field not in found
        and field not in held
        and mixed_figures.is_none(turn, field)
        or field not in found
        and field not in held
        and any(
            clause.answer(field)[0] == "none"
            and clause.answer(field)[1] >= PLAINLY
            and not any(clause.holds(each) for each in turn.entities("money"))
            and {str(each["value"]) for each in turn.entities("statement_field") if clause.holds(each)}
            <= {field}
            for clause in clauses.of(turn)
        )
    ]


def _theirs_wait(turn: Turn, open_question: str, theirs: Sum) -> Answer:
    """Income of which a part comes from others is asked for as one sum."""
    amounts = [turn.money(int(part.figure.said)) for part in theirs.parts if part.figure.said]
    field = turn.phrase(f"utter_label_{INCOME}")
    turn.say("utter_figure_is_theirs", amount=" + ".join(amounts), field=field)
    return Answer({open_question: None})


def _begins_with_another(turn: Turn, found: Mapping[str, Sum]) -> bool:
    """Whether an amount of no field stands before a list: "put 950 then. food 700" may be its whole."""
    first = min(turn.entities("money"), key=lambda each: int(each.get("start", 0)))
    placed = [part.figure.entity for each in found.values() for part in each.parts]
    return set(found) <= ADDED_UP and first not in placed and figures.begins_apart(turn)


def _is_theirs(turn: Turn, found: Mapping[str, Sum]) -> bool:
    """Whether the income is somebody else's, or what several earn: `actions.others_income` asks of that."""
    parties = [each for each in turn.entities("told_party") if each["value"] == "family"]
    amounts = [each.figure.entity for each in found[INCOME].parts] if INCOME in found else []
    return any(figures.stands_before(turn, one, amount) for one in parties for amount in amounts)


def _not_counted(turn: Turn, open_question: str) -> Answer | None:
    """ "He was told to pay 1500, don't count it as income": said to be left out, and nothing is changed."""
    clear = [each for each in turn.entities("money") if not each.get("ambiguous")]
    left_out = any(each["value"] == "yes" for each in turn.entities("not_counted"))
    if not left_out or len(clear) != 1:
        return None
    turn.say("utter_not_counted", amount=turn.money(int(clear[0]["value"])))
    return Answer({open_question: None})


def hear_aside(turn: Turn, open_question: str) -> bool:
    """Whether figures are told in the middle of another matter: kept where they may be, else said to wait.

    "Rent 1,200, food 1,500" is no account of who called.
    """
    if turn.heard not in BESIDE or turn.heard == "thank" or not sums(turn, read(turn)):
        return False
    if not may_record(turn):
        turn.say("utter_figures_wait")
        return True
    return note(turn, open_question) is not None


class _Notes:
    """Takes the figures of one message, field by field, and says what became of each."""

    def __init__(self, turn: Turn, open_question: str, held: Mapping[str, Any]) -> None:
        self.turn, self.question, self.held = turn, open_question, held
        self.slots: dict[str, Any] = {}
        self.spoke = False

    def made(self) -> Answer | None:
        """The answer, None where nothing was said."""
        if not self.spoke:
            return None
        still_open = {} if self.question in self.slots else {self.question: None}
        return Answer({**still_open, "doubted_field": None, **self.slots})

    def take(self, field: str, each: Sum, *, is_whole_list: bool) -> None:
        """Note one field: new, the same once more, changed, on top, or to be asked about."""
        # What is told beside a list may be a part of it, and small.
        on_top = int(self.held.get(field) or 0) if field in ADDED_UP else 0
        if field == LIVING and field not in self.held and each.amount and field != self.question:
            on_top = sum(living_parts(self.turn).values())  # a part may be small
        doubt = implausible(field, on_top + (each.amount or 0), self.turn.services.policy)
        if each.amount is not None and doubt and not is_doubted(self.turn, field):
            self._doubt(field, each.amount, doubt)
        elif each.amount is None:
            self._wait(field, each)
        elif field not in self.held:
            self._new(field, each, is_whole_list)
        elif int(self.held[field]) != each.amount:
            self._again(field, each)
        else:
            self.spoke = self._noted(field, each.amount, "utter_figure_noted", each.monthly)

    def _doubt(self, field: str, minor: int, doubt: str) -> None:
        """Nothing is changed by what is hard to believe: it is asked once more, now or in its turn."""
        if field == self.question:
            return  # its own answer asks what is meant
        amount = self.turn.money(minor)
        if asked_before(field, self.question):
            self._say(f"utter_doubt_{doubt}", amount=amount)
        else:
            self._say("utter_figure_doubted", amount=amount, field=self._label(field))
        self.slots |= {field: None, "doubted_field": f"{field}:{doubt}"}

    def _wait(self, field: str, each: Sum) -> None:
        if field == self.question:
            return  # its own answer asks what is meant
        amounts = [part.figure.said for part in each.parts if part.figure.said]
        if each.monthly.unclear == "share_paid" and amounts:
            self._say("utter_unclear_share_paid", said=self.turn.money(int(amounts[0])))
            return
        said = " + ".join(self._in_words(part.figure) for part in each.parts)
        if said and asked_before(field, self.question):
            self._say("utter_unclear_sum")
            self.slots[field] = None
        elif said:
            self._say("utter_figure_waits", amount=said, field=self._label(field))

    def _in_words(self, figure: Figure) -> str:
        """An amount as it is written elsewhere; one that may be several as it was said: 两百多块."""
        if figure.said is not None:
            return self.turn.money(int(figure.said))
        return self.turn.text[figure.entity.get("start", 0) : figure.entity.get("end", 0)].strip()

    def _new(self, field: str, each: Sum, is_whole_list: bool) -> None:
        amount = int(each.amount or 0)
        if field == LIVING and field != self.question and not (is_whole_list or is_whole(self.turn, each)):
            so_far = self.turn.money(sum(living_parts(self.turn).values()) or amount)
            said = self.turn.money(amount)
            self._say("utter_living_part_noted", amount=said, sum=so_far)
            return
        earlier = living_parts(self.turn, with_latest=False) if field == LIVING else {}
        if earlier and self.turn.entities("left_out"):
            total = amount + sum(earlier.values())
            record(self.turn, field, total)
            values = {"amount": self.turn.money(amount), "total": self.turn.money(total)}
            self._say("utter_figure_added", field=self._label(field), **values)
            self.slots[field] = "given"
            return
        self._noted(field, amount, "utter_figure_noted", each.monthly)

    def _again(self, field: str, each: Sum) -> None:
        """A field told before: left out and added, corrected, or asked about where it may be either."""
        amount, held = int(each.amount or 0), int(self.held[field])
        adds = bool(self.turn.entities("left_out"))
        if adds and field in ADDED_UP and not is_correction_of(self.turn, field, each):
            record(self.turn, field, held + amount)
            values = {"amount": self.turn.money(amount), "total": self.turn.money(held + amount)}
            self._say("utter_figure_added", field=self._label(field), **values)
            self.slots[field] = "given"
        elif field in ADDED_UP and (others := other_parts(self.turn, field, each, held)):
            self._noted(field, others + amount, "utter_corrected", each.monthly)
        elif field == LIVING and not is_correction_of(self.turn, field, each):
            self._say("utter_is_it_counted", amount=self.turn.money(amount))
        elif field in ADDED_UP and not is_correction_of(self.turn, field, each) or adds:
            values = {"amount": self.turn.money(amount), "held": self.turn.money(held)}
            self._say("utter_rest_or_whole", field=self._label(field), **values)
        else:
            self._noted(field, amount, "utter_corrected", each.monthly)

    def _noted(self, field: str, amount: int, response: str, monthly: Monthly) -> bool:
        doubt = implausible(field, amount, self.turn.services.policy)
        if doubt and not is_doubted(self.turn, field):
            self._doubt(field, amount, doubt)
            return True
        record(self.turn, field, amount)
        self._say(response, field=self._label(field), amount=self.turn.money(amount))
        if monthly.reckoned or monthly.about or monthly.shared:
            say_reckoned(self.turn, monthly, amount)
        self.slots[field] = "given"
        return True

    def _label(self, field: str) -> str:
        return self.turn.phrase(f"utter_label_{field}")

    def _say(self, response: str, **values: str) -> None:
        self.turn.say(response, **values)
        self.spoke = True


def is_correction_of(turn: Turn, field: str, each: Sum) -> bool:
    """Whether spendings are told anew: as a whole, or by words of correction for all that was listed."""
    if turn.entities("living_whole") and field == LIVING:
        return True
    named = [words for words in _told_before(turn, field) if words]
    told_now = figures.words_named(turn, field)
    is_more = int(each.amount or 0) > int(given(turn).get(field) or 0)
    if is_correction(turn) and is_more and any(words & told_now for words in named):
        return True  # "I said too little for food, with the medicine it is 1300"
    return is_correction(turn) and bool(each.words) and bool(named) and set().union(*named) <= each.words


def other_parts(turn: Turn, field: str, each: Sum, held: int) -> int:
    """What else was in a list whose part is told anew: "the car loan is 180" leaves the card as it was.

    0 where that part was not told by itself before, minor units else.
    """
    if len(each.parts) != 1 or len(each.words) != 1:
        return 0
    (word,) = each.words
    of_word = (figures.of_word(before, word) for before in turn.earlier())
    part = next((amount for amount in of_word if amount is not None), None)
    return held - part if part is not None and part < held and _has_its_own(turn, field, word) else 0


def _has_its_own(turn: Turn, field: str, word: str) -> bool:
    """Whether an amount was told for this word alone, and not one for several: "food and petrol 900"."""
    told = (each for before in turn.earlier() for each in read(before) if each.field == field)
    return any(each.words == {word} for each in told)


def _told_before(turn: Turn, field: str) -> list[frozenset[str]]:
    """By which words the field was named before, message by message."""
    return [each.words for before in turn.earlier() for each in read(before) if each.field == field]


def is_whole(turn: Turn, each: Sum) -> bool:
    """Whether a figure is all that living takes, and not one part of it such as food alone."""
    together = len(each.words) > 1 and any(part.figure.role == "total" for part in each.parts)
    listed = len(each.parts) > 1 or len(each.words) >= _A_WHOLE_LIST or together
    return listed or bool(turn.entities("living_whole"))


def living_parts(turn: Turn, *, with_latest: bool = True) -> dict[frozenset[str], int]:
    """The parts of what living takes that were told so far, minor units a month, the later of one word."""
    parts: dict[frozenset[str], int] = {}
    messages = [*reversed(turn.earlier()), *([turn] if with_latest else [])]
    for message in messages:
        found = sums(message, read(message)).get(LIVING) if message.heard in BESIDE else None
        if found is None or found.amount is None or not found.words:
            continue
        if implausible(LIVING, found.amount, turn.services.policy) == _TOO_HIGH:
            continue  # it was said not to be noted
        if message.entities("left_out"):  # "petrol is separate, 300 more" adds to what held its word
            parts[found.words | {message.text}] = found.amount
            continue
        for words in [each for each in parts if each & found.words]:
            del parts[words]
        parts[found.words] = found.amount
    return parts


def asks_for(question: str) -> bool:
    """Whether a question is for one of the figures."""
    return question in FIELDS
