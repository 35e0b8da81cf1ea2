"""`python -m demo serve`: the agencies on one port of this machine."""

from __future__ import annotations

import argparse

from demo.server import serve


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("--port", type=int, default=5010)
    serve(parser.parse_args().port)


if __name__ == "__main__":
    main()
