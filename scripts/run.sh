#!/usr/bin/env bash
# The main job: `hotlight demo`, which ends with the workstation open on the demo study. Without a display the same happens under Xvfb,
# and pictures of the window are saved instead of waiting for a person to close it.
set -euo pipefail
screens=${1:-out/screenshots}
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec ./out/hotlight demo
fi
mkdir -p "$screens"
scratch=$(mktemp -d)
trap 'kill ${program:-} ${server:-} 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$scratch"' EXIT
export LANG=C.UTF-8 XDG_RUNTIME_DIR=$scratch XDG_CONFIG_HOME=$scratch/config HOTLIGHT_WINDOW=1920x1080

# Xvfb picks a free display and writes its number.
mkfifo "$scratch/display"
Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp 3>"$scratch/display" 2>/dev/null &
server=$!
read -r -t 20 number <"$scratch/display" || { echo "Xvfb did not start" >&2; exit 1; }
export DISPLAY=:$number

./out/hotlight demo --dir "$scratch/demo" 2> >(tee "$scratch/log" >&2) &
program=$!
for _ in $(seq 600); do
  kill -0 $program 2>/dev/null || { wait $program; exit 1; }
  window=$(xdotool search --onlyvisible --name '^Hotlight' 2>/dev/null | tail -1) && [ -n "$window" ] && break
  sleep 0.5
done
[ -n "${window:-}" ] || { echo "the window did not open" >&2; exit 1; }

# A picture is taken once two in a row are equal: the images have arrived and nothing moves.
snap() {
  local before="" now
  for _ in $(seq 60); do
    import -silent -window root "$screens/$1.png"
    now=$(sha256sum <"$screens/$1.png")
    [ "$now" = "$before" ] && break
    before=$now
    sleep 0.7
  done
  echo "$screens/$1.png"
}
sleep 2
snap reading
xdotool mousemove 800 500 click 1 key 2
snap reading-lung
cp -r "$scratch/demo/pictures/." "$screens/" 2>/dev/null || true
