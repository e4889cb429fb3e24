package ingest

import "fmt"

// SUVReport says how the values of a PET image become standardised uptake values, or why they cannot.
type SUVReport struct {
	Unit    string  `json:"unit,omitempty"`   // "SUVbw"
	Factor  float64 `json:"factor,omitempty"` // SUV = rescaled value x factor
	Missing string  `json:"missing,omitempty"`
}

// RealWorldReport is a quantity that the file offers beside its values.
type RealWorldReport struct {
	Name        string `json:"name"` // for --unit
	Unit        string `json:"unit"`
	Explanation string `json:"explanation,omitempty"`
}

// OverlayReport is an overlay plane that slices of an image have.
type OverlayReport struct {
	Group       string `json:"group"` // "6000" ...
	Type        string `json:"type"`  // graphics or region
	Label       string `json:"label,omitempty"`
	Description string `json:"description,omitempty"`
}

// WindowReport is a grey-level setting of the file.
type WindowReport struct {
	Center      float64    `json:"center"`
	Width       float64    `json:"width"`
	Explanation string     `json:"explanation,omitempty"`
	Function    string     `json:"function"` // LINEAR, LINEAR_EXACT, SIGMOID, or LUT: a table, described in lut
	LUT         *LUTReport `json:"lut,omitempty"`
}

// LUTReport describes a table without its entries.
type LUTReport struct {
	First   int `json:"first"` // the value of the first entry
	Entries int `json:"entries"`
	Bits    int `json:"bits"`
}

// reportValues says what the values of m are and how the file wants them shown.
func reportValues(m *Image, v *VolumeReport) {
	if m.SUV != nil {
		v.SUV = &SUVReport{Factor: m.SUV.Factor, Missing: m.SUV.Missing}
		if m.SUV.Factor > 0 {
			v.SUV.Unit = SUVUnit
		}
	}
	for _, r := range m.RealWorld {
		v.RealWorld = append(v.RealWorld, RealWorldReport{r.Name(), r.Unit, r.Explanation})
	}
	for _, o := range m.Overlays {
		kind := "graphics"
		if o.Region {
			kind = "region"
		}
		v.Overlays = append(v.Overlays, OverlayReport{fmt.Sprintf("%04x", o.Group), kind, o.Label, o.Description})
	}
	for _, w := range m.Windows {
		v.Windows = append(v.Windows, reportWindow(w))
	}
}

func reportWindow(w Window) WindowReport {
	out := WindowReport{Center: w.Center, Width: w.Width, Explanation: w.Explanation, Function: w.Function}
	if w.LUT != nil {
		out.LUT = &LUTReport{w.LUT.First, len(w.LUT.Entries), w.LUT.Bits}
	}
	return out
}
