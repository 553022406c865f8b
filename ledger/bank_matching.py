"""Which claim each line of a bank's file is. Pure: claims and lines in, a proposal out; nothing is asked of the database.

A line fits a claim of the same amount, whose way of paying can stand in that file, and to which it came at most `late_days` later.
Sure is only what leaves no doubt:
1. The reference: digits that the cashier typed, the bill's number or key in our payment link. One line and one claim that name each
   other, and nobody else, are a pair. A line that names one claim is no other's; a claim whose digits a line contradicts is not its.
2. The moment, where the file knows it: lines and claims within minutes of each other.
3. What is left, over the whole span in which money may arrive late.
In 2 and 3 the lines and claims that compete with each other are looked at together. As many lines as claims, and each can have one:
all of them came, and which is whose makes no difference. Otherwise, as many lines as claims that somebody has seen already: those came.
Everything else is left to the person. Money that somebody gave up (failed) is found again by its reference only.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

LATE_DAYS = 5
BEFORE = timedelta(minutes=30)  # the bill is saved a while after the customer paid
PROMPT_BEFORE, PROMPT_AFTER = timedelta(minutes=10), timedelta(minutes=5)
MOST_CANDIDATES = 8
FULL_REFERENCE = 6  # digits: with these a line may be less than the claim, by a charge that the file does not tell
LARGEST_CHARGE = Decimal("0.035")
CROWD = 2_000_000  # lines × claims of one amount
REFERENCE_OF_BANK = 9  # digits: a run as long as this is the payment's own number


class Claim(NamedTuple):
    """Money that is said to be paid, in rupees. `day` and `at` on the shop's wall; `seen`, `failed`: what was said of it.

    digits  runs of four digits and more that were typed; tags  what our payment link carried, letters and digits
    """

    id: int
    amount: Decimal
    at: datetime
    day: date
    way: str
    digits: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    seen: bool = False
    failed: bool = False


class Line(NamedTuple):
    """Money that came in, in rupees: `amount` that was paid, `net` that reached the bank. `at` is None where only the day is known.

    digits  runs of digits in reference and description; words  all of its words, as letters and digits; ways  what can stand there
    """

    id: int
    amount: Decimal
    net: Decimal
    day: date
    at: datetime | None
    digits: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    ways: frozenset[str] = frozenset({"upi", "card", "bank"})


class Why(StrEnum):
    """By what a pair was found."""

    REFERENCE = "reference"
    MOMENT = "moment"
    AMOUNT = "amount"
    ALIKE = "alike"  # several of one amount, as many lines as claims


class Pair(NamedTuple):
    line: int
    claim: int
    why: Why


@dataclass
class Proposal:
    """`sure` pairs; `doubtful` lines with the claims they may be, the nearest first; lines and claims that found nothing. All by id."""

    sure: list[Pair] = field(default_factory=list)
    doubtful: dict[int, list[int]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    claims: list[int] = field(default_factory=list)


type Graph = dict[int, set[int]]  # line id → claim ids


def match(
    claims: Iterable[Claim], lines: Iterable[Line], *, never: Collection[tuple[int, int]] = (), late_days: int = LATE_DAYS
) -> Proposal:
    """Pair lines with claims. `never` are pairs (line, claim) that somebody took apart: they are not put together again."""
    return _Matching(list(claims), list(lines), set(never), late_days).proposal()


class _Matching:
    def __init__(self, claims: list[Claim], lines: list[Line], never: set[tuple[int, int]], late_days: int) -> None:
        self.claims = {claim.id: claim for claim in sorted(claims, key=lambda c: (c.at, c.id))}
        self.lines = {line.id: line for line in sorted(lines, key=lambda li: (li.day, li.at.timestamp() if li.at else 0.0, li.id))}
        self.never, self.late = never, timedelta(days=late_days)
        self.line_place = {id: place for place, id in enumerate(self.lines)}
        self.claim_place = {id: place for place, id in enumerate(self.claims)}
        self.found: dict[int, Pair] = {}
        self.taken: set[int] = set()
        self.by_tag = {tag: claim.id for claim in self.claims.values() for tag in claim.tags}
        self.names = {line.id: {self.by_tag[word] for word in line.words if word in self.by_tag} for line in self.lines.values()}
        self.fitting = self._fitting()

    def proposal(self) -> Proposal:
        agreeing = self._agreeing()
        self._settle_named(agreeing)
        rest = self._undisputed(agreeing)
        prompt = {line: {claim for claim in near if self._is_prompt(claim, line)} for line, near in rest.items()}
        self._settle(prompt, Why.MOMENT)
        self._settle(rest, Why.AMOUNT)
        return self._told()

    # --- what fits what ---------------------------------------------------------------------------------------
    def _fitting(self) -> Graph:
        """Every line with the claims of its amount that it may be, whatever the reference says."""
        of_amount: dict[Decimal, list[Claim]] = defaultdict(list)
        for claim in self.claims.values():  # in the order of time
            of_amount[claim.amount].append(claim)
        many = Counter(line.amount for line in self.lines.values())
        moments = {amount: [claim.at for claim in same] for amount, same in of_amount.items()}
        fitting: Graph = {}
        for line in self.lines.values():
            same = of_amount.get(line.amount, [])
            near = self._around(same, moments.get(line.amount, []), line, crowd=many[line.amount] * len(same) > CROWD)
            fitting[line.id] = {c.id for c in near if self._fits(c, line)}
        return fitting

    def _around(self, same: list[Claim], moments: list[datetime], line: Line, *, crowd: bool) -> list[Claim]:
        """The claims near the line in time. In a crowd of one amount only those of its minute: nobody could tell the others apart."""
        if line.at is None or not same:
            return [] if crowd else same
        before, after = (PROMPT_AFTER, PROMPT_BEFORE) if crowd else (self.late, BEFORE)
        return same[bisect_left(moments, line.at - before) : bisect_right(moments, line.at + after)]

    def _fits(self, claim: Claim, line: Line) -> bool:
        if claim.way not in line.ways or (line.id, claim.id) in self.never:
            return False
        if line.at is not None:
            return -BEFORE <= line.at - claim.at <= self.late
        return claim.day <= line.day <= claim.day + self.late or (line.day < claim.day and (claim.at - BEFORE).date() == line.day)

    def _is_prompt(self, claim_id: int, line_id: int) -> bool:
        at = self.lines[line_id].at
        return at is not None and -PROMPT_BEFORE <= at - self.claims[claim_id].at <= PROMPT_AFTER

    # --- the reference ----------------------------------------------------------------------------------------
    def _agreeing(self) -> Graph:
        return {
            line: {claim for claim in near if claim in self.names[line] or agree(self.claims[claim].digits, self.lines[line].digits)}
            for line, near in self.fitting.items()
        }

    def _settle_named(self, agreeing: Graph) -> None:
        """One line and one claim that name each other, and nobody else; our link's tag says more than digits."""
        best = {line: named & self.names[line] or named for line, named in agreeing.items()}
        lines_of = turned(best)
        for line, named in best.items():
            if len(named) == 1 and len(lines_of[claim := next(iter(named))]) == 1:
                self._pair(line, claim, Why.REFERENCE)

    def _undisputed(self, agreeing: Graph) -> Graph:
        """What may be paired without a reference: nobody is named otherwise, nothing typed contradicts, nothing was given up."""
        named_claims = {claim for named in agreeing.values() for claim in named}
        rest: Graph = {}
        for line, near in self._open(self.fitting).items():
            if any(self._is_prompt(claim, line) and self._mistyped(claim, line) for claim in near):
                rest[line] = set()  # of its very minute, but with other digits: typed wrongly, or a fake; it is not given to another
                continue
            named = {claim for claim in agreeing[line] if claim not in self.taken}
            rest[line] = {
                claim
                for claim in near
                if (claim in named if named or claim in named_claims else True)
                and not self._contradicts(claim, line)
                and not self.claims[claim].failed
            }
        return rest

    def _contradicts(self, claim_id: int, line_id: int) -> bool:
        claim, line = self.claims[claim_id], self.lines[line_id]
        if self.names[line_id] - {claim_id}:
            return True
        return self._mistyped(claim.id, line.id)

    def _mistyped(self, claim_id: int, line_id: int) -> bool:
        """Digits were typed, the line has a bank's reference, and they do not agree."""
        claim, line = self.claims[claim_id], self.lines[line_id]
        if not claim.digits or claim_id in self.names[line_id] or not any(len(run) >= REFERENCE_OF_BANK for run in line.digits):
            return False
        return not agree(claim.digits, line.digits)

    # --- the amount and the moment ----------------------------------------------------------------------------
    def _open(self, graph: Graph) -> Graph:
        return {line: near - self.taken for line, near in graph.items() if line not in self.found}

    def _settle(self, graph: Graph, why: Why) -> None:
        for lines, claims in components(self._open(graph)):
            certain = [claim for claim in claims if self.claims[claim].seen]
            for chosen in (claims, certain):
                if len(chosen) == len(lines) and (pairs := self._all_of(lines, chosen, graph)):
                    for line, claim in pairs:
                        self._pair(line, claim, why if len(pairs) == 1 else Why.ALIKE)
                    break

    def _all_of(self, lines: Sequence[int], claims: Sequence[int], graph: Graph) -> list[tuple[int, int]]:
        """A pair for every line and every claim, or nothing: in the order of time where that goes, else any way that goes."""
        in_order = list(zip(sorted(lines, key=self.line_place.__getitem__), sorted(claims, key=self.claim_place.__getitem__), strict=True))
        if all(claim in graph[line] for line, claim in in_order):
            return in_order
        allowed = set(claims)
        found = perfect({line: graph[line] & allowed for line in lines})
        return list(found.items()) if len(found) == len(lines) else []

    def _pair(self, line: int, claim: int, why: Why) -> None:
        self.found[line] = Pair(line, claim, why)
        self.taken.add(claim)

    # --- what is said -----------------------------------------------------------------------------------------
    def _told(self) -> Proposal:
        told = Proposal(sure=[self.found[line] for line in self.lines if line in self.found])
        thought_of: set[int] = set()
        less = self._less_a_charge()
        for line in self.lines:
            if line in self.found:
                continue
            near = [*self._nearest(line, self.fitting[line] - self.taken), *less.get(line, [])][:MOST_CANDIDATES]
            if near:
                told.doubtful[line] = near
                thought_of |= {*(self.fitting[line] - self.taken), *near}
            else:
                told.lines.append(line)
        told.claims = [id for id, c in self.claims.items() if id not in self.taken | thought_of and not c.seen and not c.failed]
        return told

    def _nearest(self, line_id: int, claims: set[int]) -> list[int]:
        line = self.lines[line_id]

        def distance(id: int) -> tuple:
            claim = self.claims[id]
            apart = abs((line.at - claim.at).total_seconds()) if line.at else abs((line.day - claim.day).days)
            return self._contradicts(id, line_id), claim.failed, claim.seen, apart, id

        return sorted(claims, key=distance)

    def _less_a_charge(self) -> dict[int, list[int]]:
        """Lines that name a claim of a little more: a charge was kept that the file does not tell."""
        found: dict[int, list[int]] = defaultdict(list)
        by_end: dict[str, set[int]] = defaultdict(set)
        for claim in self.claims.values():
            if claim.id not in self.taken:
                for run in claim.digits:
                    if len(run) >= FULL_REFERENCE:
                        by_end[run[-FULL_REFERENCE:]].add(claim.id)
        for line in self.lines.values():
            if line.id in self.found:
                continue
            named = set(self.names[line.id] - self.taken).union(*(by_end.get(run[-FULL_REFERENCE:], set()) for run in line.digits))
            for id in sorted(named):
                claim = self.claims[id]
                kept = claim.amount - line.net
                dated = line._replace(amount=claim.amount)
                if line.amount != claim.amount and 0 < kept <= claim.amount * LARGEST_CHARGE and self._fits(claim, dated):
                    found[line.id].append(id)
        return found


def agree(typed: Iterable[str], printed: Iterable[str]) -> bool:
    """True when digits that were typed are the end of a run of the line's, or the whole run the end of what was typed."""
    runs = [run.lstrip("0") for run in printed]
    for digits in typed:
        bare = digits.lstrip("0")
        for run in runs:
            if len(run) >= len(digits) and run.endswith(digits):
                return True
            if len(bare) >= len(run) >= REFERENCE_OF_BANK and bare.endswith(run):
                return True
            if len(bare) >= REFERENCE_OF_BANK and run == bare:
                return True
    return False


def components(graph: Graph) -> Iterable[tuple[list[int], list[int]]]:
    """The lines and claims that compete with each other, group by group; lines that fit nothing are left out."""
    lines_of = turned(graph)
    seen: set[int] = set()
    for first, near in graph.items():
        if first in seen or not near:
            continue
        lines, claims, todo = {first}, set(), [first]
        while todo:
            for claim in graph[todo.pop()] - claims:
                claims.add(claim)
                new = lines_of[claim] - lines
                lines |= new
                todo.extend(new)
        seen |= lines
        yield sorted(lines), sorted(claims)


def turned(graph: Graph) -> dict[int, set[int]]:
    """Claim → the lines that have it."""
    lines_of: dict[int, set[int]] = defaultdict(set)
    for line, near in graph.items():
        for claim in near:
            lines_of[claim].add(line)
    return lines_of


def perfect(graph: Graph) -> dict[int, int]:
    """Line → claim for as many lines as can have one, by augmenting paths (Kuhn)."""
    owner: dict[int, int] = {}
    for line in graph:
        _augment(line, graph, owner)
    return {line: claim for claim, line in owner.items()}


def _augment(start: int, graph: Graph, owner: dict[int, int]) -> bool:
    """Find `start` a claim, moving others where that helps; a search without recursion, since a group may be thousands long."""
    came: dict[int, int] = {}  # claim → the line that asked for it
    todo = [start]
    while todo:
        line = todo.pop()
        for claim in sorted(graph[line]):
            if claim in came:
                continue
            came[claim] = line
            if claim not in owner:
                return _turn(claim, start, came, owner)
            todo.append(owner[claim])
    return False


def _turn(claim: int, start: int, came: dict[int, int], owner: dict[int, int]) -> bool:
    given = {line: had for had, line in owner.items()}
    while True:
        line = came[claim]
        owner[claim] = line
        if line == start:
            return True
        claim = given[line]
