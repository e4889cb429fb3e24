package project

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Display is how images are shown to every reader of the project when a study is opened. Readers may change it while they read.
type Display struct {
	Presets map[Modality][]Preset `json:"presets,omitempty" yaml:"presets,omitempty"`
	Hanging map[string]Hanging    `json:"hanging,omitempty" yaml:"hanging,omitempty"` // by modality, or modality and what it shows: MG, MR_prostate
	Linked  *Linked               `json:"linked,omitempty" yaml:"linked,omitempty"`
}

// Preset is a named window in the units of the rescaled values.
type Preset struct {
	Name  string  `json:"name" yaml:"name"`
	Width float64 `json:"width" yaml:"width"`
	Level float64 `json:"level" yaml:"level"`
}

// Hanging is which image goes where: rows from the top, each from the left, of view or sequence names ("R-CC", "T2_AX"). In a file a plain list is one row.
type Hanging struct {
	Rows      [][]string `json:"rows" yaml:"rows"`
	ChestWall string     `json:"chest_wall,omitempty" yaml:"chest_wall,omitempty"` // of mammograms: center (back to back), outside
}

// UnmarshalYAML reads both forms. It needs no YAML library: the decoder hands itself in.
func (h *Hanging) UnmarshalYAML(decode func(any) error) error {
	var row []string
	if decode(&row) == nil {
		h.Rows = [][]string{row}
		return nil
	}
	type plain Hanging // without this method
	return decode((*plain)(h))
}

// Linked is which views move together.
type Linked struct {
	By       string `json:"by" yaml:"by"` // FrameOfReferenceUID: the only thing that makes points comparable
	Cursor   bool   `json:"cursor,omitempty" yaml:"cursor,omitempty"`
	Scroll   bool   `json:"scroll,omitempty" yaml:"scroll,omitempty"`
	Fallback string `json:"fallback,omitempty" yaml:"fallback,omitempty"` // where frames of reference differ: none (also if empty), manual_offset
}

// maxHanging is the most rows, and the most views in a row.
const maxHanging = 8

func (d *Display) check() error {
	if d == nil {
		return nil
	}
	for _, m := range sortedKeys(d.Presets) {
		if err := checkPresets("display.presets."+string(m), m, d.Presets[m]); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(d.Hanging) {
		modality, shows, named := strings.Cut(name, "_")
		if !isModality(modality) || named && !validID(shows) {
			return Fieldf(Invalid, "display.hanging."+name, "is for a modality, or for a modality and what it shows, such as MR_prostate")
		}
		if err := d.Hanging[name].check("display.hanging." + name); err != nil {
			return err
		}
	}
	if l := d.Linked; l != nil {
		if l.By != "FrameOfReferenceUID" {
			return Fieldf(Invalid, "display.linked.by", "views are linked by FrameOfReferenceUID, not %q", l.By)
		}
		return oneOf("display.linked.fallback", l.Fallback, "none", "manual_offset")
	}
	return nil
}

func checkPresets(path string, m Modality, presets []Preset) error {
	if !isModality(string(m)) {
		return Fieldf(Invalid, path, "%q is no modality", m)
	}
	seen := map[string]bool{}
	for n, p := range presets {
		at := path + "." + strconv.Itoa(n+1)
		switch {
		case p.Name == "" || !printable(p.Name):
			return Fieldf(Invalid, at+".name", "must be given, in visible characters")
		case seen[p.Name]:
			return Fieldf(Invalid, at+".name", "%s occurs twice", p.Name)
		case !(p.Width > 0) || math.IsInf(p.Width, 0):
			return Fieldf(Invalid, at+".width", "must be a number above 0")
		case math.IsNaN(p.Level) || math.IsInf(p.Level, 0):
			return Fieldf(Invalid, at+".level", "must be a number")
		}
		seen[p.Name] = true
	}
	return nil
}

func (h Hanging) check(path string) error {
	if len(h.Rows) == 0 || len(h.Rows) > maxHanging {
		return Fieldf(Invalid, path, "has 1 to %d rows", maxHanging)
	}
	var seen []string
	for _, row := range h.Rows {
		if len(row) == 0 || len(row) > maxHanging {
			return Fieldf(Invalid, path, "a row has 1 to %d views", maxHanging)
		}
		for _, view := range row {
			if view == "" || len(view) > 64 || !printable(view) {
				return Fieldf(Invalid, path, "the view %q must have 1 to 64 visible characters", view)
			}
			if slices.Contains(seen, view) {
				return Fieldf(Invalid, path, "the view %s occurs twice", view)
			}
			seen = append(seen, view)
		}
	}
	return oneOf(path+".chest_wall", h.ChestWall, "center", "outside")
}
