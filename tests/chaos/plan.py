"""Which processes are killed, and when: the same seed gives the same plan."""

from __future__ import annotations

import dataclasses as dc
import random

VICTIMS = ("worker", "postgres", "solr", "redis")
KINDS = ("datajson", "ckan")
PARTS = 6
CATALOGUES = 3


@dc.dataclass(frozen=True)
class Kill:
    """One run's kill: ``victims`` die at ``moment``, a share (0 to 1) of an undisturbed run's length.

    ``catalogue``: the seed of what the source lists.
    """

    number: int
    kind: str
    catalogue: int
    victims: tuple[str, ...]
    moment: float


def plan(runs: int, seed: int) -> list[Kill]:
    """Return ``runs`` kills. Victims take turns, every fifth run has two; moments are spread over all parts of a run.

    Raises ValueError when ``runs`` is less than 1.
    """
    if runs < 1:
        raise ValueError(f"{runs} runs: at least one is needed")
    kills: list[Kill] = []
    for number in range(runs):
        chance = random.Random(f"{seed}-{number}")
        first = VICTIMS[number % len(VICTIMS)]
        second = (chance.choice([name for name in VICTIMS if name != first]),) if number % 5 == 4 else ()
        part = (number // len(VICTIMS) + number) % PARTS
        moment = (part + chance.random()) / PARTS
        kind, catalogue = KINDS[number // 2 % len(KINDS)], CATALOGUES * seed + number % CATALOGUES
        kills.append(Kill(number, kind, catalogue, (first, *second), moment))
    return kills
