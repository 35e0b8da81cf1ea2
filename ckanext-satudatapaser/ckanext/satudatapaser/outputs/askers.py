"""Who asks for our outputs: counts by day, output and product name of the asker. No addresses, no versions, no single requests.

Kept in Redis, one hash a day, which goes by itself after KEPT. The first half is pure.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import re
from collections.abc import Callable

from ckanext.satudatapaser import clock, config
from redis import Redis, RedisError

log = logging.getLogger(__name__)
KEPT = dt.timedelta(days=90)
MOST = 500
"""Askers and outputs that one day counts apart; who comes later counts as OTHER, so that invented names fill nothing."""
LONGEST = 40
UNNAMED, BROWSER, OTHER = "unnamed", "browser", "other"
TIMEOUT = 0.2
"""Seconds that Redis may take before an answer goes out uncounted."""

OUTPUTS = {
    "data.json": r"/data\.json",
    "dcat": r"/catalog(?:\.\w+)?|/dataset/[^/]+\.(?:ttl|xml|jsonld|rdf|n3)",
    "csw": r"/csw",
    "atom": r"/feeds/.+\.atom",
    "rss": r"/feeds/.+\.rss",
    "sitemap": r"/sitemap[\w-]*\.xml",
    "api": r"/api(?:/\d)?/action/(?:package_search|package_list|current_package_list_with_resources)",
}
_PATH = re.compile("|".join(f"(?P<o{number}>{pattern})" for number, pattern in enumerate(OUTPUTS.values())))
_NAMES = dict(zip((f"o{number}" for number in range(len(OUTPUTS))), OUTPUTS, strict=True))
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9._-]*(?![A-Za-z0-9._@-])")
_ROBOT = re.compile(r"(?i)\bcompatible;\s*([a-z][a-z0-9._-]*)")
_NAMED_ROBOT = re.compile(r"(?i)\b([a-z][a-z0-9._-]*(?:bot|crawler|spider))\b")


def output(path: str) -> str:
    """Return which output an address (without its language) is of, "" for none that is counted."""
    found = _PATH.fullmatch(path)
    return _NAMES[found.lastgroup] if found and found.lastgroup else ""


def product(agent: str) -> str:
    """Return the product name in a User-Agent header: "python-requests/2.31 (x; a@b)" -> "python-requests".

    What calls itself Mozilla is a robot that names itself after "compatible;" or by a name that ends in bot, or a browser.
    """
    found = _PRODUCT.match(agent.strip())
    if not found:
        return UNNAMED
    name = found[0]
    if name.lower() == "mozilla":
        robot = _ROBOT.search(agent) or _NAMED_ROBOT.search(agent)
        name = robot[1] if robot and robot[1].upper() != "MSIE" else BROWSER
    return name[:LONGEST]


@functools.cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, decode_responses=True)


def _connection() -> Redis:
    return _redis(config.redis_url())


def _key(day: dt.date) -> str:
    return f"satudata:{config.site_id()}:asked:{day.isoformat()}"


def counter(output: str, product: str) -> Callable[[], None]:
    """Return what counts one answer, to be called once it is sent, when there is no request any more.

    A Redis that does not answer is logged and nothing else.
    """
    return functools.partial(_counted, _connection(), _key(clock.today()), output, product)


def _counted(redis: Redis, key: str, output: str, product: str) -> None:
    try:
        _count(redis, key, f"{output} {product}", f"{output} {OTHER}")
    except RedisError:
        log.exception("An answer was not counted")


def _count(redis: Redis, key: str, field: str, other: str) -> None:
    with redis.pipeline(transaction=False) as pipe:
        pipe.hincrby(key, field, 1)
        pipe.hlen(key)
        pipe.expire(key, KEPT)
        times, fields, _ = pipe.execute()
        if times == 1 and fields > MOST:
            pipe.hdel(key, field)
            pipe.hincrby(key, other, 1)
            pipe.execute()


def counts(days: int) -> list[dict[str, str | int]]:
    """Return what the last ``days`` days (Asia/Makassar) counted, the newest day first: day, output, product, count."""
    today = clock.today()
    wanted = [today - dt.timedelta(days=number) for number in range(min(days, KEPT.days))]
    with _connection().pipeline(transaction=False) as pipe:
        for day in wanted:
            pipe.hgetall(_key(day))
        found = pipe.execute()
    rows = []
    for day, fields in zip(wanted, found, strict=True):
        for field, number in fields.items():
            output, product = field.split(" ", 1)
            rows.append({"day": day.isoformat(), "output": output, "product": product, "count": int(number)})
    return sorted(rows, key=lambda row: (row["day"], row["count"]), reverse=True)
