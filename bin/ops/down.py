"""bin/down: stop everything that bin/up started."""

from __future__ import annotations

import sys

from ops import instance as instances
from ops.instance import SetupError
from ops.say import step
from ops.supervisor import Supervisor


def main() -> None:
    """Stop the processes of the portal, the services last."""
    supervisor = Supervisor(instances.dev())
    if not supervisor.runs():
        print("Nothing runs.")
        return
    with step("stopping"):
        supervisor.stop()


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(f"bin/down: {error}")
