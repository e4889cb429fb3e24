package voi

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"hotlight/project"
	"hotlight/project/volume"
)

// Function is a VOI LUT Function (0028,1056).
type Function string

// The functions of PS3.3 C.11.2.1.2 and C.11.2.1.3. The empty Function means Linear, as in the standard.
const (
	Linear      Function = "LINEAR"
	LinearExact Function = "LINEAR_EXACT"
	Sigmoid     Function = "SIGMOID"
)

// VOI is the grey-level setting of a picture: the range of values shown, and how.
// Center and Width are in the volume's unit. Invert shows small values bright. Two VOIs are equal, by ==, when they draw from the same tables.
type VOI struct {
	Center, Width float64
	Function      Function
	Invert        bool
	// LUT, where there is one, is the curve in place of Function: its entries are spread evenly over the range of Center and Width. Over the
	// range that FromLUT gives, each entry stands at its own value; another range stretches or moves the same curve.
	LUT *volume.LUT
	// Presentation, where there is one, is a Presentation LUT: grey from black to white is looked up over all of its entries.
	Presentation *volume.LUT
}

// FromLUT returns the setting that draws a VOI LUT as it is: entry n at value First+n.
func FromLUT(l *volume.LUT) VOI {
	span := float64(len(l.Entries) - 1)
	return VOI{Center: float64(l.First) + span/2, Width: max(span, 1), LUT: l}
}

// Check fails with project.Invalid for a window that the standard does not allow: a width below 1 for Linear, of 0 or less for the others,
// a number that is not finite, an unknown function, or a table without entries.
func (v VOI) Check() error {
	if math.IsNaN(v.Center) || math.IsInf(v.Center, 0) || math.IsNaN(v.Width) || math.IsInf(v.Width, 0) {
		return project.Errorf(project.Invalid, "a window needs a finite centre and width")
	}
	if v.LUT != nil && !v.LUT.Usable() || v.Presentation != nil && !v.Presentation.Usable() {
		return project.Errorf(project.Invalid, "a lookup table has no entries, or entries of %d bits", v.tableBits())
	}
	if v.LUT != nil {
		if v.Width <= 0 {
			return project.Errorf(project.Invalid, "a window is wider than 0, not %v", v.Width)
		}
		return nil
	}
	switch v.Function {
	case Linear, "":
		if v.Width < 1 {
			return project.Errorf(project.Invalid, "a linear window is at least 1 wide, not %v", v.Width)
		}
	case LinearExact, Sigmoid:
		if v.Width <= 0 {
			return project.Errorf(project.Invalid, "a window is wider than 0, not %v", v.Width)
		}
	default:
		return project.Errorf(project.Unsupported, "the window function %q is not known", string(v.Function))
	}
	return nil
}

// Grey returns the grey of value x as a real number in [0, 255], before rounding and after inversion. NaN gives 0.
//
// Source: PS3.3 C.11.2.1.2.1 (linear: c-0.5 and w-1), C.11.2.1.3.1 (sigmoid), C.11.2.1.3.2 (linear exact), with ymin 0 and ymax 255.
func (v VOI) Grey(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	y := v.share(x) * 255
	if v.Invert {
		return 255 - y
	}
	return y
}

// curved reports whether grey is anything but a straight line between two flat ends.
func (v VOI) curved() bool { return v.LUT != nil || v.Presentation != nil || v.Function == Sigmoid }

func (v VOI) tableBits() int {
	if v.LUT != nil {
		return v.LUT.Bits
	}
	return v.Presentation.Bits
}

// share is the function itself and the presentation after it, in [0, 1].
func (v VOI) share(x float64) float64 {
	y := v.curve(x)
	if p := v.Presentation; p != nil {
		return p.At(float64(p.First)+y*float64(len(p.Entries)-1)) / p.Full()
	}
	return y
}

// curve is the function itself, in [0, 1].
func (v VOI) curve(x float64) float64 {
	if l := v.LUT; l != nil {
		lo, _ := v.Range()
		return min(l.At(float64(l.First)+(x-lo)*(float64(len(l.Entries)-1)/v.Width))/l.Full(), 1)
	}
	if v.Function == Sigmoid {
		return 1 / (1 + math.Exp(-4*(x-v.Center)/v.Width))
	}
	c, w := v.straight()
	switch {
	case x <= c-w/2:
		return 0
	case x > c+w/2:
		return 1
	}
	return (x-c)/w + 0.5
}

// Level returns the grey of value x as drawn: Grey rounded to the nearest whole number, halves up.
func (v VOI) Level(x float64) uint8 { return uint8(v.Grey(x) + 0.5) }

// Range returns the values at which grey begins to change and stops changing; for a sigmoid the tangent's range.
func (v VOI) Range() (lo, hi float64) {
	c, w := v.Center, v.Width
	if v.Function != Sigmoid && v.LUT == nil {
		c, w = v.straight()
	}
	return c - w/2, c + w/2
}

// FromRange returns the exact linear window from lo (black) to hi (white). A range without length is widened to the smallest that is allowed.
func FromRange(lo, hi float64) VOI {
	if !(hi > lo) {
		hi = lo + 1
	}
	return VOI{Center: lo + (hi-lo)/2, Width: hi - lo, Function: LinearExact}
}

// String returns the window as it is typed: "W/L".
func (v VOI) String() string {
	return fmt.Sprintf("%s/%s", strconv.FormatFloat(v.Width, 'g', -1, 64), strconv.FormatFloat(v.Center, 'g', -1, 64))
}

// parseNumbers reads "W/L".
func parseNumbers(s string) (VOI, bool) {
	width, level, found := strings.Cut(s, "/")
	if !found {
		return VOI{}, false
	}
	w, err1 := strconv.ParseFloat(strings.TrimSpace(width), 64)
	l, err2 := strconv.ParseFloat(strings.TrimSpace(strings.ReplaceAll(level, "−", "-")), 64)
	if err1 != nil || err2 != nil {
		return VOI{}, false
	}
	return VOI{Center: l, Width: w}, true
}
