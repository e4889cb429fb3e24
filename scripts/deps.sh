#!/usr/bin/env bash
# Installs what building and testing need on Debian and its kin, only if something is missing. Elsewhere it says what to install.
set -euo pipefail
packages=(gcc pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev xvfb xauth xdotool imagemagick libgl1-mesa-dri libopenjp2-tools)

command -v go >/dev/null || { echo "Go 1.26 or later is needed: https://go.dev/dl" >&2; exit 1; }
if ! command -v dpkg-query >/dev/null; then
  if command -v gcc >/dev/null && pkg-config --exists gl x11 xcursor xrandr xinerama xi xxf86vm wayland-client xkbcommon 2>/dev/null; then exit 0; fi
  echo "This is not Debian. Install a C compiler, and the development files of OpenGL, X11 (Xcursor, Xrandr, Xinerama, Xi, Xxf86vm)," >&2
  echo "Wayland and xkbcommon; for the window tests also Xvfb, xdotool and ImageMagick. See https://docs.fyne.io/started." >&2
  exit 0
fi
missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0
sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Please install: ${missing[*]}" >&2; exit 1; }
  sudo=(sudo)
fi
echo "Installing ${missing[*]}" >&2
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
