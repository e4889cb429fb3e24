package ingest

import (
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/volume"
)

// RealWorld is a quantity that the file offers beside its own values.
type RealWorld struct {
	Label, Explanation string // as in the file, may be empty
	Unit               string // the unit's code, such as "mm2/s"; empty for a pure number
}

// Name is what chooses the quantity: its label, or its unit where it has none.
func (r RealWorld) Name() string {
	if r.Label != "" {
		return r.Label
	}
	return r.Unit
}

// Units returns the names that In takes: SUVbw where it can be had, and the real world values of the file.
func (m *Image) Units() (out []string) {
	if m.SUV != nil && m.SUV.Factor > 0 {
		out = append(out, SUVUnit)
	}
	for _, r := range m.RealWorld {
		if name := r.Name(); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// In returns m with its values in one of its Units, to be loaded like m. The file's own windows come along for SUV, which is a mere factor; other
// quantities have none. NotFound names what there is.
func (m *Image) In(name string) (*Image, error) {
	if m.SUV != nil && m.SUV.Factor > 0 && strings.EqualFold(name, SUVUnit) {
		return m.inSUV(), nil
	}
	for n, r := range m.RealWorld {
		if strings.EqualFold(name, r.Name()) || strings.EqualFold(name, r.Unit) {
			return m.inRealWorld(n), nil
		}
	}
	return nil, project.Errorf(project.NotFound, "%q is not a unit of these images: %s", name, strings.Join(append([]string{"their own"}, m.Units()...), ", "))
}

// copyOf returns m with frames of its own, whose values may then be changed.
func (m *Image) copyOf(unit string) *Image {
	out := *m
	out.Unit, out.SUV, out.RealWorld = unit, nil, nil
	out.frames, out.Slices = make([]*frame, len(m.frames)), slices.Clone(m.Slices)
	for k, f := range m.frames {
		g := *f
		g.unit = unit
		out.frames[k] = &g
	}
	return &out
}

func (m *Image) inSUV() *Image {
	factor := m.SUV.Factor
	out := m.copyOf(SUVUnit)
	for k, f := range out.frames {
		f.slope, f.intercept = f.slope*factor, f.intercept*factor
		out.Slices[k].Slope, out.Slices[k].Intercept = f.slope, f.intercept
		out.Slices[k].Windows = scaled(f.windows, factor)
	}
	if m.Pixel != volume.Float32 {
		out.Slope, out.Intercept = m.Slope*factor, m.Intercept*factor
	}
	out.Windows = scaled(m.Windows, factor)
	return out
}

// scaled are windows over values that were multiplied by factor. LINEAR ones become exact: their half and whole steps are steps of the old values.
func scaled(windows []Window, factor float64) []Window {
	out := slices.Clone(windows)
	for n, w := range out {
		if w.Function == "LINEAR" {
			if w.Width <= 1 {
				w.Width = 1 + 1e-9 // a step stays one
			}
			w.Center, w.Width, w.Function = w.Center-0.5, w.Width-1, "LINEAR_EXACT"
		}
		w.Center, w.Width = w.Center*factor, w.Width*factor
		out[n] = w
	}
	return out
}

// inRealWorld keeps stored integers where one line serves all of them in all slices; else values are converted one by one.
func (m *Image) inRealWorld(n int) *Image {
	out := m.copyOf(m.RealWorld[n].Unit)
	out.Windows = nil
	first := out.frames[0]
	slope, intercept, whole := first.worlds[n].line(first.of.format)
	whole = whole && storedPixel(first.of) == m.Pixel && !first.of.table
	for k, f := range out.frames {
		f.world, f.windows = f.worlds[n], nil
		out.Slices[k].Windows, out.Slices[k].Slope, out.Slices[k].Intercept = nil, 1, 0
		s, i, ok := f.world.line(f.of.format)
		whole = whole && ok && s == slope && i == intercept && f.of.format == first.of.format && f.of.padding == first.of.padding && !f.of.table
	}
	if !whole || m.Pixel == volume.Float32 {
		out.Pixel, out.Slope, out.Intercept, out.HasPadding, out.Padding = volume.Float32, 1, 0, false, [2]float64{}
		return out
	}
	out.Slope, out.Intercept = slope, intercept
	for k, f := range out.frames {
		f.world = nil
		f.slope, f.intercept, out.Slices[k].Slope, out.Slices[k].Intercept = slope, intercept, slope, intercept
	}
	return out
}

// findRealWorld offers the quantities that every slice has, in the order of the first.
func (m *Image) findRealWorld() {
	first := m.frames[0]
	if len(first.worlds) == 0 || first.of.colour() {
		return
	}
	for _, w := range first.worlds {
		everywhere := true
		for _, f := range m.frames {
			everywhere = everywhere && slices.ContainsFunc(f.worlds, func(o *realWorld) bool { return o.is(w.label, w.unit) })
		}
		if everywhere {
			m.RealWorld = append(m.RealWorld, RealWorld{w.label, w.explanation, w.unit})
		}
	}
	for _, f := range m.frames { // in the order of m.RealWorld
		ordered := make([]*realWorld, len(m.RealWorld))
		for n, r := range m.RealWorld {
			ordered[n] = f.worlds[slices.IndexFunc(f.worlds, func(o *realWorld) bool { return o.is(r.Label, r.Unit) })]
		}
		f.worlds = ordered
	}
}
