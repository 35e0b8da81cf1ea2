"""A target's settings on how it is sent to."""

from __future__ import annotations

from typing import Any

import pytest
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.province.sending import Sending, content, sending


def test_without_settings_files_are_links_at_the_installation_s_pace() -> None:
    assert sending({}) == Sending(uploads=False, max_bytes=100_000_000, per_second=None, pause=0, trial=False)


def test_texts_from_the_command_line_are_read() -> None:
    given = {"files": "upload", "max_megabytes": "2.5", "requests_per_second": "0", "write_pause": "1", "trial": "true"}
    assert sending(given) == Sending(uploads=True, max_bytes=2_500_000, per_second=0, pause=1, trial=True)


@pytest.mark.parametrize("settings", [
    {"files": "copy"}, {"max_megabytes": "0"}, {"max_megabytes": "banyak"}, {"requests_per_second": -1},
    {"requests_per_second": "nan"}, {"write_pause": 61}, {"trial": "mungkin"},
])  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(settings: dict[str, Any]) -> None:
    (name,) = settings
    with pytest.raises(ConfigError, match=name):
        sending(settings)


def test_only_what_changes_the_datasets_there_has_them_compared_again() -> None:
    decisive = {"organization": "paser", "files": "upload", "max_megabytes": 5, "restricted_metadata": True}
    assert content({**decisive, "notify": "x", "schedule": "@daily", "write_pause": 1, "trial": True}) == decisive
