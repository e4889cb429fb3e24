//go:build nogui

package main

import (
	"os"

	"hotlight/app/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], cli.Standard(), nil)) }
