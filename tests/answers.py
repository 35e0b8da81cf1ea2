"""Stands for the network: answers with bytes, in order or by a function, and remembers what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Bytes:
    """``answers``: bodies in order, or one function of the parameters."""

    def __init__(self, *answers: bytes | str | Callable[[Mapping[str, str]], str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: list[Mapping[str, str]] = []

    def get_json(self, url: str, params: Any = None, headers: Any = None) -> Any:
        raise AssertionError("these kinds read bytes")

    def get_bytes(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        self.asked.append((url, dict(params or {})))
        self.headers.append(headers or {})
        answer = self.answers[0] if callable(self.answers[0]) else self.answers.pop(0)
        body = answer(params or {}) if callable(answer) else answer
        return body.encode() if isinstance(body, str) else body
