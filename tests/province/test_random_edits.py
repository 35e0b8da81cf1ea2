"""Random edits on both sides with pushes in between: ledger, catalogue and province never contradict one another.

More steps or another seed: bin/test tests/province/test_random_edits.py --push-steps 500 --push-seed 7
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from paser import Paser, as_admin
from two_ckans import ORGANIZATION

pytestmark = [pytest.mark.ckan, pytest.mark.search]
NAMES = [f"data-{number}" for number in range(12)]
CLOSED = {"accessRights": "terbatas"}, {"publishing_status": "withdrawn", "private": True}
OPEN = {"accessRights": "terbuka", "publishing_status": "published", "private": False}


class Edits:
    """Random edits, reproducible by their seed; ``said`` tells what was done, for whoever reads a failure."""

    def __init__(self, paser: Paser, seed: int) -> None:
        self.paser, self.chance = paser, random.Random(seed)
        self.said: list[str] = []
        self.notes: dict[str, str] = {}  # what the province added of its own, by its id
        self.number = 0

    def step(self) -> None:
        """Do one edit, here twice as often as there."""
        here = (self.create, self.create, self.change, self.retitle, self.close, self.reopen, self.delete, self.purge,
                self.move, self.files)  # fmt: skip
        there = (self.edit_there, self.add_there, self.delete_there, self.hide_there, self.rename_there)
        edit = self.chance.choice(here if self.chance.random() < 0.67 else there)
        self.number += 1
        self.said.append(f"{self.number} {edit.__name__} {edit()}")
        model.Session.remove()

    def _mine(self, *states: str) -> str | None:
        query = model.Session.query(model.Package.name).filter(model.Package.state.in_(states or ("active",)))
        names = sorted(name for (name,) in query if name in NAMES)
        return self.chance.choice(names) if names else None

    def _patch(self, name: str | None, **values: Any) -> str | None:
        if name:
            self.paser.change(name, **values)
        return name

    def create(self) -> str | None:
        """Make a dataset, sometimes under the name of one that was purged."""
        taken = {name for (name,) in model.Session.query(model.Package.name)}
        free = [name for name in NAMES if name not in taken]
        if not free:
            return None
        name = self.chance.choice(free)
        self.paser.dataset(name, title=f"Judul {name} {self.number}")
        return name

    def change(self) -> str | None:
        return self._patch(self._mine(), satuan=f"unit {self.number}", tags=[{"name": f"tag-{self.number}"}])

    def retitle(self) -> str | None:
        return self._patch(self._mine(), title=f"Judul baru {self.number}")

    def close(self) -> str | None:
        return self._patch(self._mine(), **self.chance.choice(CLOSED))

    def reopen(self) -> str | None:
        return self._patch(self._mine("active", "deleted"), state="active", **OPEN)

    def delete(self) -> str | None:
        name = self._mine()
        if name:
            tk.get_action("package_delete")(as_admin(), {"id": name})
        return name

    def purge(self) -> str | None:
        name = self._mine("active", "deleted")
        if name:
            tk.get_action("dataset_purge")(as_admin(), {"id": name})
        return name

    def move(self) -> str | None:
        return self._patch(self._mine(), owner_org=self.chance.choice(("disdik", "dinkes", "asing")))

    def files(self) -> str | None:
        """Add, remove or reorder files."""
        name = self._mine()
        if name:
            files = call_action("package_show", id=name, context=as_admin())["resources"]
            what = self.chance.choice(("add", "remove", "reorder"))
            if what == "add" or not files:
                url = f"https://disdik.example.go.id/{name}-{self.number}.csv"
                files.append({"url": url, "name": f"Tabel {self.number}", "format": "CSV"})
            elif what == "remove":
                files.remove(self.chance.choice(files))
            self.chance.shuffle(files)
            self._patch(name, resources=files)
        return name

    def _theirs(self, **values: Any) -> str | None:
        found = sorted(self.paser.everything_there(), key=lambda package: package["title"] + package["id"])
        if not found:
            return None
        package = self.chance.choice(found)
        values = {key: value(package) if callable(value) else value for key, value in values.items()}
        self.paser.province.call("package_patch", id=package["id"], **values)
        return f"{package['name']} {package['id']}"

    def edit_there(self) -> str | None:
        field = self.chance.choice(("title", "notes"))
        return self._theirs(**{field: f"Disunting di provinsi {self.number}"})

    def add_there(self) -> str | None:
        """Let the province add an extra of its own."""

        def with_note(package: dict[str, Any]) -> list[dict[str, str]]:
            kept = [extra for extra in package["extras"] if extra["key"] != "catatan-provinsi"]
            self.notes[package["id"]] = f"catatan {self.number}"
            return [*kept, {"key": "catatan-provinsi", "value": f"catatan {self.number}"}]

        return self._theirs(extras=with_note)

    def delete_there(self) -> str | None:
        return self._theirs(state="deleted")

    def hide_there(self) -> str | None:
        return self._theirs(private=True)

    def rename_there(self) -> str | None:
        return self._theirs(name=f"provinsi-{self.number}")


def assert_consistent(paser: Paser, edits: Edits) -> None:
    """Fail when anything is public there that is not here, is there twice, or the ledger says otherwise."""
    wanted, there = paser.wanted_there(), paser.shown_there()
    assert set(there) <= set(wanted), edits.said
    rows = call_action("satudata_push_ledger_list", target="kaltim", limit=1000)["rows"]
    assert {row["package_id"] for row in rows if row["state"] in ("ok", "conflict")} == set(wanted), edits.said
    assert {row["state"] for row in rows} <= {"ok", "conflict", "withdrawn", "not_eligible"}, (rows, edits.said)
    for package in paser.everything_there():
        extras = {extra["key"]: extra["value"] for extra in package["extras"]}
        assert extras.get("catatan-provinsi") == edits.notes.get(package["id"]), edits.said


def push(paser: Paser, edits: Edits) -> None:
    """Push; nothing may fail. Then decide some conflicts at random."""
    result = paser.push()
    edits.said.append(str(result))
    assert (result["state"], result["failed"]) == ("finished", 0), (paser.ledger("failed"), edits.said)
    assert_consistent(paser, edits)
    for name, row in sorted(paser.ledger("conflict").items()):
        keep = edits.chance.choice(("ours", "theirs", "both", ""))
        if keep:
            call_action("satudata_push_resolve", target="kaltim", id=row["package_id"], keep=keep)
            edits.said.append(f"{keep} {name}")


def test_random_edits_on_both_sides_end_in_agreement(paser: Paser, request: pytest.FixtureRequest) -> None:
    for name in ("dinkes", "asing"):
        factories.Organization(name=name)
    paser.mapped = {"disdik", "dinkes"}
    call_action("satudata_push_target_update", target="kaltim",
                settings={"organization_map": dict.fromkeys(sorted(paser.mapped), ORGANIZATION)})  # fmt: skip
    edits = Edits(paser, request.config.getoption("--push-seed"))
    for number in range(request.config.getoption("--push-steps")):
        edits.step()
        if number % 6 == 5:
            push(paser, edits)
    for package in list(paser.wanted_there()):  # whatever was edited there is looked at once more
        paser.change(package, notes="Keterangan terakhir")
    for _ in range(2):
        paser.push()
        for row in paser.ledger("conflict").values():
            call_action("satudata_push_resolve", target="kaltim", id=row["package_id"], keep="ours")
    # what a person left as the province has it is ours again when ours is asked for; all else agrees already
    wanted, there = paser.wanted_there(), paser.shown_there()
    assert set(there) == set(wanted), edits.said
    for id, ours in wanted.items():
        theirs = there[id]
        edited = {key for key in ours if ours[key] != theirs[key]}
        assert all("Disunting di provinsi" in str(theirs[key]) for key in edited), (id, edits.said)
