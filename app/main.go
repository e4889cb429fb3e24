//go:build !nogui

package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"hotlight/app/cli"
	"hotlight/app/flow"
	_ "hotlight/app/locale"
)

func main() {
	args := os.Args[1:]
	if cli.IsCommand(args) {
		show := demoWindow
		if !hasDisplay() {
			show = nil // the demo then ends with its pictures
		}
		os.Exit(cli.Run(args, cli.Standard(), show))
	}
	if !hasDisplay() {
		fmt.Fprintln(os.Stderr, "hotlight: there is no display here for the window; the commands work without one: hotlight --help")
		os.Exit(cli.Failed)
	}
	house, err := flow.NewHouse("", os.Getenv("HOTLIGHT_VAULT"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "hotlight:", err)
		os.Exit(cli.Failed)
	}
	openWindow(house, func(w *window) {
		if len(args) > 0 {
			w.openPaths(args)
		}
	})
}

// hasDisplay reports whether a window can open. X11 and Wayland are named by the environment; other systems always have one.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// demoWindow is what the demo ends with: the workstation of the reader who has not signed yet, opened on the case.
func demoWindow(d *flow.Demo) error {
	house, err := flow.NewHouse(d.Dir, d.Second.Vault)
	if err != nil {
		return err
	}
	if err := house.Unlock(context.Background(), d.Passphrase); err != nil {
		return err
	}
	openWindow(house, func(w *window) { w.openItem(d.Second.Project, d.Item) })
	return nil
}
