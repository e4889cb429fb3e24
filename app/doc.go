// Package main is Hotlight: the workstation, and with a subcommand the command line.
//
//	hotlight [PATH...]    the window, opened on folders, files or a project
//	hotlight COMMAND ...  the command line, see package cli
//
// This is where everything meets. Files named for a screen hold that screen; what a user does is in app/flow, reached through the small
// interfaces of app/desk. Built with the tag nogui only the command line is left: no Fyne, no cgo.
//
// HOTLIGHT_VAULT names the vault file, HOTLIGHT_WINDOW the first size of the window, as 1920x1080.
package main
