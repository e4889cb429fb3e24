//go:build !nogui

package main

import (
	"testing"

	"hotlight/app/desk"
	"hotlight/project/volume"
)

func TestSettingsOfTheFileHaveNamesOfTheirOwn(t *testing.T) {
	table := &volume.LUT{Bits: 8, Entries: []uint16{0, 255}}
	got := windowsOf(&desk.Image{Windows: []desk.Window{
		{Center: 0.5, Width: 1, Explanation: "NORMAL", Function: "LUT", LUT: table}, {Center: 40, Width: 400, Explanation: "NORMAL", Function: "SIGMOID"},
		{Center: 40, Width: 0.5, Function: "LINEAR"}, {Center: 50, Width: 350}, {Center: 1, Width: 2, Function: "LUT"},
	}})
	want := []string{"NORMAL, table", "NORMAL", "As in the file, 3"}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for n, p := range got {
		if p.Name != want[n] || (p.VOI.LUT == table) != (n == 0) {
			t.Errorf("setting %d: %+v, want %s", n, p, want[n])
		}
	}
}
