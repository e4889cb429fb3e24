//go:build !nogui

package main

import (
	"context"
	"fmt"
	"os"

	"hotlight/app/cli"
	"hotlight/app/flow"
)

func main() {
	args := os.Args[1:]
	if cli.IsCommand(args) {
		os.Exit(cli.Run(args, cli.Standard(), demoWindow))
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
