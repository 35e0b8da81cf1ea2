# Sourced by bin/up and bin/test: system packages, uv, .venv. Everything after that is Python (bin/ops).
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

stop() { echo "$(basename "$0"): $*" >&2; exit 1; }

sudo_words() { [ "$(id -u)" = 0 ] || echo sudo; }

# install_packages NAME... : those that are missing, by apt, as root or with sudo
install_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || stop "this system has no apt-get; install these packages by hand: ${missing[*]}."
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null && [ ! -t 0 ]; then
    stop "packages are missing and neither root nor sudo is at hand; run as root: apt-get install ${missing[*]}"
  fi
  echo "  system packages: ${missing[*]} …" >&2
  mkdir -p var
  if ! { $(sudo_words) apt-get update -q && $(sudo_words) env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "${missing[@]}"; } >var/apt.log 2>&1; then
    tail -5 var/apt.log >&2
    stop "apt-get could not install ${missing[*]} (whole output: var/apt.log)."
  fi
}

server_packages() {
  # Debian starts a cluster and a Redis of its own on installation; ours are private, so those are not wanted.
  command -v redis-server >/dev/null || NEW_REDIS=1
  local java=openjdk-17-jdk-headless
  command -v javac >/dev/null && java=
  local maven=maven
  command -v mvn >/dev/null && maven=
  install_packages postgresql postgresql-contrib redis-server python3-venv python3-dev build-essential libmagic1 \
    ca-certificates $java $maven
  ls -d /usr/share/postgresql/*/extension >/dev/null 2>&1 || stop "PostgreSQL did not install."
  local version; version=$(ls /usr/lib/postgresql | sort -n | tail -1)
  install_packages "postgresql-$version-postgis-3"
  if [ "${NEW_REDIS:-}" = 1 ] && command -v service >/dev/null; then
    $(sudo_words) service redis-server stop >/dev/null 2>&1 || true
  fi
}

# installed LOCKFILE : what must be unchanged since the packages were installed
installed() { cat "$1" setup.py pyproject.toml; ls harvesters; }

# python_environment LOCKFILE : .venv exactly as the lock says; quick when nothing changed
python_environment() {
  local lock=$1 space done
  space=$(df -Pk . | awk 'NR==2 {print $4}')
  [ "$space" -gt 2000000 ] || stop "less than 2 GB are free on this disk; make room, then run this again."
  if [ ! -x var/tools/bin/uv ]; then
    echo "  uv …" >&2
    mkdir -p var
    python3 -m venv var/tools
    var/tools/bin/pip install -q --disable-pip-version-check --require-hashes -r bin/uv.txt
  fi
  # What tests need holds all that the portal needs, so either will do for bin/up.
  for done in .venv/installed-requirements-dev.txt ".venv/installed-$lock"; do
    if [ -f "$done" ] && [ "$(cat "$done")" = "$(installed "${done#.venv/installed-}")" ]; then return; fi
  done
  echo "  Python packages ($lock) …" >&2
  [ -x .venv/bin/python ] || var/tools/bin/uv venv -q .venv
  var/tools/bin/uv pip install -q --python .venv --require-hashes -r "$lock"
  var/tools/bin/uv pip install -q --python .venv --no-deps -e .
  installed "$lock" >".venv/installed-$lock"
}
