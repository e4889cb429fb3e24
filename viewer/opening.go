package viewer

import (
	"hotlight/project/volume"
	"hotlight/render/voi"
)

// opening is how an image opens before anybody chose a grey-level setting: by which of its sources, judged by one slice of a volume.
type opening struct {
	of     *volume.Volume
	passed int // how many sources came before it and would have shown nothing
}

// firstSlice is the slice that is loaded first, that is on screen first, and that the first grey-level setting is judged by.
func firstSlice(g *volume.Geometry) int { return (g.Size[2] - 1) / 2 }

// opensWith returns the setting that an image opens with, and those that come before it and would show nothing of its first slice. v may be a coarse first
// picture, or nil. The verdict is kept: it is asked for often.
func (r *Room) opensWith(m *Image, v *volume.Volume) (g grey, passed []grey) {
	if v == nil {
		return dressed(grey{voi: voi.FromRange(0, 1), name: automatic}, m), nil
	}
	sources := sourcesOf(m, v)
	if r.opened.of != v {
		n := firstOf(sources, v)
		if v.Arrived(firstSlice(&v.Geometry)) {
			r.opened = opening{v, n}
		}
		return nth(m, v, sources, n), sources[:n]
	}
	return nth(m, v, sources, r.opened.passed), sources[:r.opened.passed]
}

// greyOf is opensWith for a picture on its own.
func greyOf(m *Image, v *volume.Volume) grey {
	sources := sourcesOf(m, v)
	return nth(m, v, sources, firstOf(sources, v))
}

// sourcesOf are the settings that an image may open with before the automatic one: the file's own, then that of its modality.
func sourcesOf(m *Image, v *volume.Volume) (out []grey) {
	if m.Modality != "PT" || !isSUV(m.Unit) { // uptake has a window of its own
		for _, w := range m.Windows {
			out = append(out, grey{voi: w.VOI, name: w.Name})
		}
	}
	usual, fixed := voi.Usual(v)
	if fixed {
		out = append(out, grey{voi: usual.VOI, name: usual.Name})
	}
	return out
}

func firstOf(sources []grey, v *volume.Volume) int {
	list := make([]voi.VOI, len(sources))
	for n, g := range sources {
		list[n] = g.voi
	}
	return voi.First(v, firstSlice(&v.Geometry), list...)
}

// nth returns source n, the automatic setting after the last, as the image wants it.
func nth(m *Image, v *volume.Volume, sources []grey, n int) grey {
	if n == len(sources) {
		return dressed(grey{voi: voi.Auto(v), name: automatic}, m)
	}
	return dressed(sources[n], m)
}

// dressed adds what the file says of every setting: inversion and presentation.
func dressed(g grey, m *Image) grey {
	if m.Modality == "PT" {
		g.voi.Invert = true // as nuclear medicine reads it
	}
	g.voi.Invert, g.voi.Presentation = g.voi.Invert != m.Invert, m.Presentation
	return g
}

// passedOver is the sentence about settings that the image on screen did not open with because they would show nothing; empty where there are none.
func (r *Room) passedOver() string {
	m := r.image()
	if m == nil || r.volume == nil || r.opened.of != r.volume {
		return ""
	}
	g, passed := r.opensWith(m, r.volume)
	if len(passed) == 0 {
		return ""
	}
	was := passed[0]
	text := "With \"" + was.name + "\" (" + windowText(was.voi) + ") nearly all of this picture would be black or white. "
	if g.name == automatic {
		return text + "The grey levels are taken from the values instead."
	}
	return text + "It opened with \"" + g.name + "\" instead."
}
