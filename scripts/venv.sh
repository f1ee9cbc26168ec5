# Makes .venv with this project in it, once: sourced by run_weekly.sh and run_tests.sh.
# use_venv [EXTRA]: afterwards $PY is the Python of .venv. Nothing is installed when nothing changed.

find_python() {
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  echo "需要 Python 3.11 或更新的版本,这台电脑上没有找到。请先安装 Python。" >&2
  return 1
}

use_venv() {
  local extra="${1:-}" python stamp wanted log target
  if [ -x .venv/bin/python ]; then PY=.venv/bin/python; else PY=.venv/Scripts/python.exe; fi
  stamp=".venv/installed${extra:+-$extra}"
  wanted="$(cat pyproject.toml constraints.txt | cksum)"
  if [ -x "$PY" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  python="$(find_python)" || return 1
  echo "第一次运行:正在准备环境(约一分钟)…" >&2
  if ! "$PY" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    "$python" -m venv --clear .venv || { echo "建不了 .venv;Debian/Ubuntu 上请先安装 python3-venv。" >&2; return 1; }
    if [ -x .venv/bin/python ]; then PY=.venv/bin/python; else PY=.venv/Scripts/python.exe; fi
  fi
  log=".venv/install.log"
  target=".${extra:+[$extra]}"
  if ! "$PY" -m pip install --disable-pip-version-check -q -c constraints.txt -e "$target" >"$log" 2>&1; then
    cat "$log" >&2
    echo "安装没有成功,请检查网络后再试。" >&2
    return 1
  fi
  printf '%s\n' "$wanted" >"$stamp"
}
