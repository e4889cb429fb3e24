// Command licences checks the licence of every module that the programs link: it must be one that Apache-2.0 software may ship with.
// It reads the licence texts in the module cache and prints each module with what it found.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// kinds maps a phrase that only that licence has to its name, in the order in which they are tried.
var kinds = []struct{ phrase, name string }{
	{"Apache License", "Apache-2.0"},
	{"Mozilla Public License", "MPL-2.0"},
	{"SIL OPEN FONT LICENSE", "OFL-1.1"},
	{"Redistribution and use in source and binary forms", "BSD"},
	{"Permission is hereby granted, free of charge", "MIT"},
	{"Permission to use, copy, modify, and/or distribute", "ISC"},
	{"Permission to use, copy, modify, and distribute", "ISC"},
	{"CC0 1.0 Universal", "CC0-1.0"},
	{"This is free and unencumbered software", "Unlicense"},
}

func main() {
	modules, err := linked()
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
	bad := 0
	for _, m := range modules {
		kind := licenceOf(m.dir)
		fmt.Printf("%-12s %s %s\n", kind, m.path, m.version)
		if kind == "unknown" {
			bad++
		}
	}
	if bad > 0 {
		fmt.Fprintf(os.Stderr, "licences: %d modules have no licence that is known here\n", bad)
		os.Exit(1)
	}
}

type module struct{ path, version, dir string }

// linked lists the modules of the packages that our programs import.
func linked() ([]module, error) {
	out, err := exec.Command("go", "list", "-deps", "-tags", "migrated_fynedo", "-f",
		"{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}", "./app", "./sync/cmd/...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	seen := map[module]bool{}
	var all []module
	for _, line := range strings.Split(string(out), "\n") {
		f := strings.Fields(line)
		if len(f) != 3 || seen[module{f[0], f[1], f[2]}] {
			continue
		}
		seen[module{f[0], f[1], f[2]}] = true
		all = append(all, module{f[0], f[1], f[2]})
	}
	sort.Slice(all, func(a, b int) bool { return all[a].path < all[b].path })
	return all, nil
}

func licenceOf(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "unknown"
	}
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if !strings.HasPrefix(name, "licen") && !strings.HasPrefix(name, "copying") && !strings.HasPrefix(name, "unlicense") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		for _, k := range kinds {
			if strings.Contains(strings.Join(strings.Fields(string(text)), " "), k.phrase) {
				return k.name
			}
		}
	}
	return "unknown"
}
