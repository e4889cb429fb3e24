package voi

import (
	"strings"

	"hotlight/project"
	"hotlight/project/volume"
)

// Preset is a named window. Key is the digit that chooses it in the reading room, 0 for one that only the menu has.
type Preset struct {
	Key  rune
	Name string
	VOI  VOI
}

// ctPresets are widths and centres in Hounsfield units. Viewers agree on none of these; they are the medians of six, see docs.
var ctPresets = []Preset{
	{'1', "Soft tissue", VOI{Center: 40, Width: 400}},
	{'2', "Lung", VOI{Center: -600, Width: 1500}},
	{'3', "Bone", VOI{Center: 400, Width: 2000}},
	{'4', "Brain", VOI{Center: 40, Width: 80}},
	{'5', "Liver", VOI{Center: 90, Width: 150}},
	{'6', "Mediastinum", VOI{Center: 50, Width: 350}},
	{'7', "Stroke", VOI{Center: 40, Width: 40}},
	{'8', "Angio", VOI{Center: 200, Width: 600}},
	{'9', "Subdural", VOI{Center: 75, Width: 200}},
	{0, "Temporal bone", VOI{Center: 700, Width: 4000}},
	{0, "Pulmonary embolism", VOI{Center: 100, Width: 700}},
	{0, "Spine", VOI{Center: 50, Width: 250}},
	{0, "Colon", VOI{Center: 0, Width: 2000}},
	{0, "Fat", VOI{Center: -130, Width: 200}},
}

// petPresets are standardised uptake values from 0, shown dark on light.
var petPresets = []Preset{
	{'1', "SUV 0-5", suv(5)},
	{'2', "SUV 0-7", suv(7)},
	{'3', "SUV 0-10", suv(10)},
	{'4', "SUV 0-15", suv(15)},
	{'5', "SUV 0-20", suv(20)},
}

// usPresets: 8-bit grey as stored.
var usPresets = []Preset{{'1', "As stored", VOI{Center: 127.5, Width: 255, Function: LinearExact}}}

func suv(to float64) VOI {
	v := FromRange(0, to)
	v.Invert = true
	return v
}

// Presets returns the fixed presets of a modality in the order of their keys; none for modalities whose values have no fixed scale,
// see Relative. PET presets are for volumes in SUV only.
func Presets(m project.Modality) []Preset {
	switch m {
	case "CT":
		return append([]Preset(nil), ctPresets...)
	case "PT":
		return append([]Preset(nil), petPresets...)
	case "US":
		return append([]Preset(nil), usPresets...)
	}
	return nil
}

// Relative returns the presets that start from a base window (the file's own or Auto): for MR narrow and wide, brighter and darker; for
// projection radiographs narrow and wide; for nuclear medicine shares of the maximum (base must then run from 0 to it).
func Relative(m project.Modality, base VOI) []Preset {
	scaled := func(width, shift float64) VOI {
		v := base
		v.Center += shift * base.Width
		v.Width *= width
		if v.Function == Linear || v.Function == "" {
			v.Width = max(v.Width, 1)
		}
		return v
	}
	switch m {
	case "MR":
		// Brighter shows the same tissue whiter: the window moves down.
		return []Preset{{'1', "Narrow", scaled(0.5, 0)}, {'2', "Wide", scaled(2, 0)}, {'3', "Brighter", scaled(1, -0.2)}, {'4', "Darker", scaled(1, 0.2)}}
	case "CR", "DX", "MG", "XA", "RF":
		return []Preset{{'1', "Narrow", scaled(0.6, 0)}, {'2', "Wide", scaled(1.4, 0)}}
	case "NM":
		_, top := base.Range()
		return []Preset{{'1', "0-100 %", FromRange(0, top)}, {'2', "0-75 %", FromRange(0, 0.75*top)}, {'3', "0-50 %", FromRange(0, 0.5*top)}}
	}
	return nil
}

// Default returns the window for a volume whose file gives none: the usual one, otherwise Auto.
func Default(v *volume.Volume) VOI {
	if p, ok := Usual(v); ok {
		return p.VOI
	}
	return Auto(v)
}

// Usual returns the first preset of a volume's modality where its unit fits; ok is false for one whose values have no fixed scale.
func Usual(v *volume.Volume) (p Preset, ok bool) {
	switch {
	case v.Modality == "CT" && v.Unit == "HU":
		return ctPresets[0], true
	case v.Modality == "PT" && isSUV(v):
		return petPresets[0], true
	case v.Modality == "US" && v.Pixel == volume.Uint8:
		return usPresets[0], true
	}
	return Preset{}, false
}

func isSUV(v *volume.Volume) bool { return strings.HasPrefix(strings.ToUpper(v.Unit), "SUV") }

// Parse reads a window as a person writes it: "W/L" ("400/40"), the name of a preset ("lung", "soft-tissue"; case, spaces and
// hyphens do not matter), or "auto". W/L is LINEAR, the standard's default, for stored integers, and LINEAR_EXACT for float volumes and for
// SUV, whose range may be less than one unit wide. Presets of the volume's modality come first, those of CT serve any. v may be nil, then "auto" fails.
func Parse(s string, v *volume.Volume) (VOI, error) {
	if w, ok := parseNumbers(s); ok {
		if v != nil && (v.Pixel == volume.Float32 || isSUV(v)) {
			w.Function = LinearExact
		}
		return w, w.Check()
	}
	if strings.EqualFold(strings.TrimSpace(s), "auto") {
		if v == nil {
			return VOI{}, project.Errorf(project.Invalid, "an automatic window needs a volume")
		}
		return Auto(v), nil
	}
	var candidates []Preset
	if v != nil {
		if v.Modality != "PT" || isSUV(v) {
			candidates = Presets(v.Modality)
		}
		candidates = append(candidates, Relative(v.Modality, Auto(v))...)
	}
	var names []string
	for _, p := range append(candidates, ctPresets...) {
		if plainName(p.Name) == plainName(s) {
			return p.VOI, nil
		}
		names = append(names, strings.ToLower(p.Name))
	}
	return VOI{}, project.Errorf(project.Invalid, "%q is not a window: W/L, auto or one of %s", s, strings.Join(names, ", "))
}

func plainName(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "", "%", "").Replace(strings.ToLower(s))
}
