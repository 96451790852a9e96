#!/usr/bin/env bash
# Make the virtual environment of the course: tools/install.sh DIRECTORY EXTRA
# Exact versions come from requirements.lock; pip's own settings say from where.
set -euo pipefail
venv=${1:?which directory} extra=${2:?which extra, for example dev}
cd "$(dirname "$0")/.."

say() { printf '\033[1m%s\033[0m\n' "$*"; }
stop() { printf 'install: %s\n' "$*" >&2; exit 1; }

case "$(uname -s)-$(uname -m)" in
  Darwin-x86_64) # also where Python runs translated on Apple silicon: its wheels would be the wrong ones
    stop "TensorFlow has no wheel for Macs with an Intel processor since 2.16. Use Colab, the container of docs/CONTAINER.md, or Linux."
    ;;
esac

as_root() { # what is missing, then its packages: installed when run as root on Debian or Ubuntu, else named
  local problem=$1
  shift
  command -v apt-get >/dev/null || stop "$problem"
  [ "$(id -u)" = 0 ] || stop "$problem On Debian or Ubuntu: sudo apt-get install $*"
  say "Installing system packages: $*"
  apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

right_version() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
  local name
  for name in "${PYTHON:-python3.12}" python3.12 python3.11 python3.13 python3; do
    if command -v "$name" >/dev/null && right_version "$name"; then echo "$name"; return; fi
  done
}

no_python="Python 3.11, 3.12 or 3.13 is needed and none was found. PYTHON=/path/to/python make … names one."
python=$(find_python)
if [ -z "$python" ]; then
  as_root "$no_python" python3 python3-venv
  python=$(find_python)
fi
[ -n "$python" ] || stop "$no_python"

if ! "$venv/bin/python" -c 'import pip' 2>/dev/null || ! right_version "$venv/bin/python"; then
  rm -rf "$venv"
  say "Making a virtual environment in $venv with $("$python" --version)"
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then # Debian keeps it in a package of its own
    as_root "$("$python" --version) cannot make virtual environments." \
      "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  fi
  "$python" -m venv "$venv"
fi

say "Installing the course and its packages (a few minutes the first time)"
# Without byte code every import of TensorFlow costs several times as much; pip writes it unless told not to.
unset PYTHONDONTWRITEBYTECODE
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --compile \
  --constraint requirements.lock --editable ".[$extra]"
"$venv/bin/python" -m compileall -q grader

# Submissions are graded inside bubblewrap. Whoever only works through the lessons needs none.
case $extra in
  *instructor* | *dev*)
    if [ "$(uname)" = Linux ] && ! command -v bwrap >/dev/null; then
      (as_root "Grading needs bubblewrap, from the system package bubblewrap." bubblewrap) ||
        say "The course is installed. Only grading waits for bubblewrap."
    fi
    ;;
esac

postgresql_server() ( # its programs only: the tests start a server of their own, as Debian's package else would too
  problem="Testing the gradebook in PostgreSQL needs its server, from the system package postgresql."
  settings=/etc/postgresql-common/createcluster.conf
  [ "$(id -u)" = 0 ] || as_root "$problem" postgresql
  as_root "$problem" postgresql-common || exit
  cp -p "$settings" "$settings.before" || exit
  trap 'mv -f "$settings.before" "$settings"' EXIT
  echo "create_main_cluster = false" >>"$settings"
  as_root "$problem" postgresql
)

case $extra in
  *dev*)
    if [ "$(uname)" = Linux ] && ! command -v initdb >/dev/null && ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then
      postgresql_server || say "The course is installed. Only the tests of a gradebook in PostgreSQL are left out."
    fi
    if [ "$(uname)" = Linux ] && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
      (as_root "Testing pages as a person sees them needs a browser, from the system packages chromium and fonts-dejavu." chromium fonts-dejavu-core) ||
        say "The course is installed. Only the tests in a browser are left out."
    fi
    ;;
esac
