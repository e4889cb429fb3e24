package ingest

import (
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// Window is a grey-level setting that the file proposes: a window, or a table (PS3.3 C.11.2).
type Window struct {
	Center, Width float64 // in the rescaled unit; of a table, the range of its entries
	Explanation   string  // (0028,1055), or the table's (0028,3003); may be empty
	Function      string  // LINEAR, LINEAR_EXACT or SIGMOID (0028,1056), or LUT for a table
	LUT           *volume.LUT
}

// FunctionLUT is the Function of a Window that is a table.
const FunctionLUT = "LUT"

// readWindows reads tables and windows. Tables come first: where a file has both, as mammograms do, the windows are there for displays that have no tables.
func (f *frame) readWindows(d *dcm.DataSet) []Window {
	return append(f.readTables(d), linesOf(d, f.of.format.Float)...)
}

// readTables reads the VOI LUT Sequence.
func (f *frame) readTables(d *dcm.DataSet) (out []Window) {
	for _, item := range d.Items(dcm.VOILUTSequence) {
		l, note, err := readLUT(item, dcm.LUTDescriptor, dcm.LUTData, f.negative())
		if err != nil {
			f.of.warn(project.WarnRead, "A VOI table of the file cannot be used: %v.", err)
			continue
		}
		if note != "" {
			f.of.warn(project.WarnRead, "A VOI table of the file %s.", note)
		}
		span := float64(len(l.Entries) - 1)
		out = append(out, Window{
			Center: float64(l.First) + span/2, Width: max(span, 1), Explanation: text(item, dcm.LUTExplanation), Function: FunctionLUT, LUT: l,
		})
	}
	return out
}

// negative reports whether rescaled values can be below 0: then the first value that a VOI table maps is signed (PS3.3 C.11.2.1.1).
func (f *frame) negative() bool {
	p := f.of.format
	if f.of.table {
		return false
	}
	low, high := storedRange(p)
	return min(low*f.slope, high*f.slope)+f.intercept < 0
}

// linesOf reads Window Center and Window Width. exact is for floating point pixels: LINEAR's half and whole steps are steps of whole numbers, and writers who
// say LINEAR of values from 0 to 1 mean the range, not a threshold. Nor is a width below 1 allowed for LINEAR: it is taken for exact in any image.
func linesOf(d *dcm.DataSet, exact bool) (out []Window) {
	center, width := d.Floats(dcm.WindowCenter), d.Floats(dcm.WindowWidth)
	names := d.Strings(dcm.WindowCenterWidthExplanation)
	function := strings.ToUpper(text(d, dcm.VOILUTFunction))
	if function != "LINEAR_EXACT" && function != "SIGMOID" {
		function = "LINEAR" // also the meaning of none (PS3.3 C.11.2.1.3)
	}
	for n := range min(len(center), len(width)) {
		if !(width[n] > 0) || !finite(center[n:n+1]) || !finite(width[n:n+1]) {
			continue
		}
		w := Window{Center: center[n], Width: width[n], Function: function}
		if function == "LINEAR" && (exact || w.Width < 1) {
			w.Function = "LINEAR_EXACT"
		}
		if n < len(names) {
			w.Explanation = strings.TrimSpace(names[n])
		}
		out = append(out, w)
	}
	return out
}

// chooseWindows takes those of the slice nearest to the middle that has any. MR scanners write a window for each slice, and the first slice is often
// nearly empty: its window would show the whole head white.
func (m *Image) chooseWindows() {
	m.shareTables()
	middle := (len(m.frames) - 1) / 2
	for away := range len(m.frames) {
		for _, n := range [2]int{middle - away, middle + away} {
			if n >= 0 && n < len(m.frames) && m.frames[n].windows != nil {
				m.Windows = m.frames[n].windows
				return
			}
		}
	}
}

// shareTables lets slices with the same table as the slice before hold one copy of it.
func (m *Image) shareTables() {
	for k := 1; k < len(m.frames); k++ {
		before := m.frames[k-1].windows
		for n, w := range m.frames[k].windows {
			if w.LUT == nil || n >= len(before) || before[n].LUT == nil {
				continue
			}
			if a, b := before[n].LUT, w.LUT; a.First == b.First && a.Bits == b.Bits && slices.Equal(a.Entries, b.Entries) {
				m.frames[k].windows[n].LUT = a
			}
		}
	}
}

// readPresentation reads how grey comes after the window: inverted, or through a table (PS3.3 C.11.6). Presentation LUT Shape INVERSE and MONOCHROME1
// say the same thing and belong together; where IDENTITY stands beside MONOCHROME1, the photometric interpretation holds and the reader is told.
func (x *instance) readPresentation(d *dcm.DataSet) {
	shape := text(d, dcm.PresentationLUTShape)
	x.invert = x.format.Photometric == "MONOCHROME1" || shape == "INVERSE" && !x.colour()
	if x.format.Photometric == "MONOCHROME1" && shape == "IDENTITY" {
		x.warn(project.WarnRead, "The file contradicts itself on which end of the greys is white; it is shown as MONOCHROME1 says, low values white.")
	}
	if x.colour() || len(d.Items(tagPresentationLUTSequence)) == 0 {
		return
	}
	l, note, err := readLUT(d.Item(tagPresentationLUTSequence), dcm.LUTDescriptor, dcm.LUTData, false)
	switch {
	case err != nil:
		x.warn(project.WarnRead, "The presentation table of the file cannot be used: %v.", err)
		return
	case note != "":
		x.warn(project.WarnRead, "The presentation table of the file %s.", note)
	}
	x.presentation = l
}
