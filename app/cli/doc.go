// Package cli is the command line: everything the workstation does to data, without a window. CLI.md in the design is its contract.
//
// Results go to standard output, progress and messages to standard error. Exit status 0: done; 1: failed or verification did not hold, one
// line says what and why, without patient data; 2: wrong usage. A command that fails leaves no output file behind.
//
// It parses flags (kong), asks for passphrases, prints, and calls app/flow for all that lasts. It has no Fyne: with the tag nogui it is
// all that is left of package app, static and without cgo.
package cli
