"""The tests' own reading of a catalogue of any size, without which a province of thousands would be judged by a part."""

from __future__ import annotations

import pytest
from two_ckans import PAGE, paged


@pytest.mark.parametrize("total", [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
def test_everything_is_read_once_in_order(total: int) -> None:
    everything = [{"number": number} for number in range(total)]
    assert list(paged(lambda start: everything[start : start + PAGE])) == everything
