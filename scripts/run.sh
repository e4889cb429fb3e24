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
# The program goes before its display, so that it has nothing to complain about.
trap 'kill ${program:-} 2>/dev/null; wait ${program:-} 2>/dev/null; kill ${server:-} 2>/dev/null; wait 2>/dev/null; rm -rf "$scratch"; exit $status' EXIT
status=1
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
# The crosshair tool, put on the lesion in the coronal view: all planes go there.
xdotool mousemove 196 202 sleep 1 click 1 sleep 1 mousemove 1259 297 sleep 1 click 1 sleep 1 mousemove 960 1062
snap reading-lesion
cp -r "$scratch/demo/pictures/." "$screens/" 2>/dev/null || true
chmod 644 "$screens"/*.png
echo "The demo's people and files were made for this run and are gone; 'hotlight demo --dir DIR' keeps them."
status=0
