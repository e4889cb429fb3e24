// Package locale keeps Fyne quiet on machines whose locale is C: servers, containers, hospital workstations without a language.
//
// Fyne parses the locale when its package lang is initialised and prints three lines when it is "C", which is no language tag, even for a
// command that opens no window. Importing this package says English before that. It depends on package os alone, so Go initialises it before
// Fyne's packages, which need text/template and others that sort behind it (Go specification, "Program initialization").
package locale

import (
	"os"
	"strings"
)

// The programs' own words are English; a locale that names a language is left alone.
func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v == "C" || v == "POSIX" || strings.HasPrefix(v, "C.") {
			os.Setenv(name, "en_US.UTF-8")
		}
	}
}
