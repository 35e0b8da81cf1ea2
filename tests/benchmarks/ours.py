"""Our engine: one process a phase, which loads CKAN and then does what `ckan satudata harvest` does (see inside.py)."""

from __future__ import annotations

import json
import subprocess
import threading
from typing import Any

from apart import ORGANIZATION, log_of
from ops import sites
from ops.instance import Instance, SetupError

from benchmarks.meters import Meter, Services
from benchmarks.phases import Phase, Result
from benchmarks.source import CATALOGUE, Source


class Ours:
    """One source of ours on one site."""

    def __init__(self, instance: Instance, site: sites.Site, kind: str, records: int, source: Source) -> None:
        self.instance, self.site, self.kind, self.records, self.source = instance, site, kind, records, source
        self.name = f"sumber-{kind}-{records}"
        self.log = log_of(instance, f"{site.name}-{kind}")
        url = source.url + (CATALOGUE if kind == "datajson" else "")
        settings = {"default_access": "terbuka", "default_license": "cc-by", "review": "auto"}
        sites.ckan(
            instance, site, "satudata", "source", "add", self.name, "--kind", kind, "--url", url,
            "--org", ORGANIZATION, "--approve",
            *(word for key, value in settings.items() for word in ("--set", f"{key}={value}")),
        )  # fmt: skip

    def measure(self, phase: Phase, limit: float) -> Result:
        """Run one phase; raise SetupError when the harvest does not finish."""
        meter = Meter(Services(self.instance, self.site.name), self.source)
        told = self._harvest(meter, ["--full"] if phase.full else [], limit)
        meters = meter.stop()
        outcome = {name: value for name, value in told["result"].items() if type(value) is int and value}
        return Result(
            "ours", self.kind, phase.name, self.records, told["wall"], told["cpu"], told["rss"], meters, outcome
        )

    def _harvest(self, meter: Meter, options: list[str], limit: float) -> dict[str, Any]:
        """Run one harvest; the meter starts once CKAN is loaded."""
        command = [str(self.site.programs / "python"), "-m", "benchmarks.inside", str(self.site.ini(self.instance))]
        command += [self.name, *options]
        with (
            self.log.open("a") as log,
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True) as process,
        ):
            timer = threading.Timer(limit, process.kill)
            timer.start()
            try:
                if process.stdout is None or process.stdout.readline().strip() != "ready":
                    process.kill()
                    raise SetupError(f"our harvest did not start; see {self.log}")
                meter.start()
                output, _ = process.communicate("go\n")
            finally:
                timer.cancel()
        if process.returncode:
            how = (
                f"was ended after {limit:.0f} s"
                if process.returncode < 0
                else f"did not finish: {output[-500:].strip()}"
            )
            raise SetupError(f"our harvest {how} (log: {self.log})")
        told: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        return told
