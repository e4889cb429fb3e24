package cli

import (
	"strconv"
	"strings"

	"hotlight/project/ingest"
	"hotlight/project/volume"
	"hotlight/render/voi"
)

// chooseVOI takes what was asked for, else the file's own setting, else the modality's, else the automatic one, passing over what would show nothing of
// the middle slice; passed says how many it passed. Uptake (SUV) has a window of its own, whatever the file says of its counts.
func chooseVOI(asked string, img *ingest.Image, v *volume.Volume) (w voi.VOI, passed int, err error) {
	own := ownVOIs(img)
	if asked != "" {
		w, ok := byName(asked, img, own)
		if !ok {
			var err error
			if w, err = voi.Parse(asked, v); err != nil {
				return w, 0, usage("--window: %v", err)
			}
		}
		return dressed(w, img), 0, nil
	}
	var sources []voi.VOI
	if v.Unit != ingest.SUVUnit {
		for _, w := range own {
			if w.Check() == nil {
				sources = append(sources, w)
			}
		}
	}
	if usual, ok := voi.Usual(v); ok {
		sources = append(sources, usual.VOI)
	}
	passed = voi.First(v, (v.Size[2]-1)/2, sources...)
	if passed == len(sources) {
		return dressed(voi.Auto(v), img), passed, nil
	}
	return dressed(sources[passed], img), passed, nil
}

// dressed adds what the file says of every setting: inversion and presentation.
func dressed(w voi.VOI, img *ingest.Image) voi.VOI {
	w.Invert = w.Invert != img.Invert
	w.Presentation = img.Presentation
	return w
}

// ownVOIs are the windows and tables of the file, in its order.
func ownVOIs(img *ingest.Image) (out []voi.VOI) {
	for _, w := range img.Windows {
		out = append(out, voi.VOI{Center: w.Center, Width: w.Width, Function: voi.Function(w.Function), LUT: w.LUT})
	}
	return out
}

// byName finds one of the file's settings by its explanation, or as file:N.
func byName(asked string, img *ingest.Image, own []voi.VOI) (voi.VOI, bool) {
	for n, w := range img.Windows {
		if w.Explanation != "" && strings.EqualFold(asked, w.Explanation) {
			return own[n], own[n].Check() == nil
		}
	}
	number, found := strings.CutPrefix(strings.ToLower(asked), "file:")
	n, err := strconv.Atoi(number)
	if !found || err != nil || n < 1 || n > len(own) {
		return voi.VOI{}, false
	}
	return own[n-1], own[n-1].Check() == nil
}
