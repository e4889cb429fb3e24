package ingest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/dcm"
)

// shape is what frames must share to lie in one image, orientation apart.
type shape struct {
	rows, columns, samples int
	colour, invert         bool // which end of the greys is white holds for a whole image
	spacing                [2]float64
	calibration            Calibration
	placed                 bool
	localizer              bool // an overview picture does not belong to the slices that were planned on it
}

func (f *frame) shape() shape {
	columns, rows := f.size()
	return shape{rows, columns, f.of.format.Samples, f.of.colour(), f.of.invert, f.spacing, f.calibration, f.placed, f.localizer}
}

// fits allows for writers that keep different numbers of digits of one pixel size: a thousandth of a percent.
func (s shape) fits(o shape) bool {
	for n := range s.spacing {
		if math.Abs(s.spacing[n]-o.spacing[n]) <= 1e-5*s.spacing[n] {
			o.spacing[n] = s.spacing[n]
		}
	}
	return s == o
}

// manyKinds bounds how many kinds of shape or orientation are compared one by one with a tolerance: a series has a few, and a hostile file one for each
// of its frames. Those beyond must agree exactly.
const manyKinds = 256

// images arranges the frames of one series. Instances come in the order of sortInstances.
func images(instances []*instance) (out []*Image) {
	instances = joinConcatenations(instances)
	var shapes []shape
	var groups [][]*frame
	known := map[shape]int{}
	for _, x := range instances {
		for n := range x.frames {
			f := &x.frames[n]
			s := f.shape()
			g, seen := known[s]
			if !seen {
				if g = slices.IndexFunc(shapes[:min(len(shapes), manyKinds)], s.fits); g < 0 {
					g = len(shapes)
					shapes, groups = append(shapes, s), append(groups, nil)
				}
				known[s] = g
			}
			groups[g] = append(groups[g], f)
		}
	}
	for n, s := range shapes {
		if s.placed {
			out = append(out, placedImages(groups[n])...)
		} else {
			out = append(out, unplacedImages(groups[n])...)
		}
	}
	nameApart(out)
	return out
}

// placedImages splits by orientation, by stack and by phase.
func placedImages(frames []*frame) (out []*Image) {
	for _, parallel := range byOrientation(frames) {
		normal := parallel[0].row.Cross(parallel[0].column).Normalize()
		markPlaces(parallel, normal)
		for _, stack := range byStack(parallel) {
			for _, p := range split(stack.frames) {
				p.label = strings.TrimPrefix(strings.TrimSuffix(stack.label+", "+p.label, ", "), ", ")
				m, err := placedImage(p.frames)
				if err != nil { // byOrientation is stricter than FromSlices; were it ever not, the pictures are shown one by one
					out = append(out, unplacedImages(p.frames)...)
					continue
				}
				m.Label = p.label
				out = append(out, m)
			}
		}
	}
	return out
}

// byStack keeps the stacks of an enhanced file apart where they lie in different places: parallel stacks, such as of two joints, are not one
// volume with a gap. Stacks that share a place are phases and wait for split.
func byStack(frames []*frame) []phase {
	whole := []phase{{frames: frames}}
	parts := byValue(frames, phaseOfStack)
	if len(parts) < 2 {
		return whole
	}
	places := 0
	for n, p := range parts {
		here := placesOf(p.frames)
		if here < 2 || p.label == "" {
			return whole
		}
		places += here
		parts[n].label = "stack " + p.label
	}
	if places != placesOf(frames) {
		return whole
	}
	return parts
}

// byOrientation keeps frames together whose axes agree.
func byOrientation(frames []*frame) (out [][]*frame) {
	known := map[[2]mgl64.Vec3]int{}
	for _, f := range frames {
		axes := [2]mgl64.Vec3{f.row, f.column}
		n, seen := known[axes]
		if !seen {
			if n = slices.IndexFunc(out[:min(len(out), manyKinds)], func(g []*frame) bool { return f.parallelTo(g[0]) }); n < 0 {
				n = len(out)
				out = append(out, nil)
			}
			known[axes] = n
		}
		out[n] = append(out[n], f)
	}
	return out
}

// parallelTo allows half of what volume.FromSlices does, so that any two frames that agree with a third pass there together.
func (f *frame) parallelTo(o *frame) bool {
	const tolerance = 0.005 * math.Pi / 180
	return between(o.row, f.row) <= tolerance && between(o.row.Cross(o.column), f.row.Cross(f.column)) <= tolerance
}

// between returns the angle of two directions in radians, accurate for small ones.
func between(a, b mgl64.Vec3) float64 { return math.Atan2(a.Cross(b).Len(), a.Dot(b)) }

// unplacedImages: a multi-frame file is a cine, or several where its frames are told apart, and so are slices that lost their positions; any
// other picture stands alone. The parts of a concatenation are one file.
func unplacedImages(frames []*frame) (out []*Image) {
	var loose []*frame
	for n := 0; n < len(frames); {
		x, from := frames[n].of, n
		for n < len(frames) && frames[n].of.file() == x.file() {
			n++
		}
		switch {
		case n-from > 1:
			out = append(out, runs(frames[from:n])...)
		case x.slices && !x.mosaic && !frames[from].badAxes:
			loose = append(loose, frames[from])
		default:
			out = append(out, single(frames[from]))
		}
	}
	if len(loose) == 1 {
		return append(out, single(loose[0]))
	} else if len(loose) > 1 {
		return append(out, cine(loose))
	}
	return out
}

// runs divides the frames of one file by what they are of, in the order of the file.
func runs(frames []*frame) (out []*Image) {
	index := map[string]int{}
	var parts []phase
	for _, f := range frames {
		n, seen := index[f.run]
		if !seen {
			n = len(parts)
			index[f.run] = n
			parts = append(parts, phase{label: f.run})
		}
		parts[n].frames = append(parts[n].frames, f)
	}
	for _, p := range parts {
		m := cine(p.frames)
		if len(p.frames) == 1 {
			m = single(p.frames[0])
		}
		m.Label = p.label
		out = append(out, m)
	}
	return out
}

// makesSlices reports whether the file's pictures are slices, so that a missing position is worth a warning. Projections and photographs have none
// by nature, and most of nuclear medicine are projections.
func makesSlices(m project.Modality, d *dcm.DataSet) bool {
	switch m {
	case "CT", "MR", "PT":
		return true
	case "NM":
		kind := d.Strings(dcm.ImageType)
		return len(kind) > 2 && strings.HasPrefix(kind[2], "RECON")
	}
	return false
}

// nameApart gives labels to the images of one series and says where orientations or sizes were mixed. No two labels are alike. The side and view of
// a projection are named even where it is alone.
func nameApart(all []*Image) {
	planes, sizes := orientations(all), map[string]bool{}
	for _, m := range all {
		sizes[m.sizeName()] = true
	}
	names := map[string]int{}
	for _, m := range all {
		var words []string
		if planes > 1 && !m.Geometry.NoPosition {
			m.warn(project.WarnMixedOrientation, "The series holds %d orientations; each is shown apart.", planes)
			words = append(words, planeName(m.Geometry.Axis(2)))
		}
		if len(sizes) > 1 {
			m.warn(project.WarnMixedSize, "The series holds pictures of %d sizes; each is shown apart.", len(sizes))
			words = append(words, m.sizeName())
		}
		if m.Localizer {
			words = append(words, "localizer")
		}
		if m.View != "" {
			words = append(words, m.View)
		}
		if m.Label != "" {
			words = append(words, m.Label)
		}
		m.Label = strings.Join(words, ", ")
		names[m.Label]++
	}
	counted := map[string]int{}
	for _, m := range all {
		if name := m.Label; names[name] > 1 {
			counted[name]++
			m.Label = strings.TrimSpace(fmt.Sprintf("%s %d", name, counted[name]))
		}
	}
}

// orientations counts the different ones among images that have a place, as far as manyKinds.
func orientations(all []*Image) int {
	var seen []*frame
	for _, m := range all {
		if f := m.frames[0]; len(seen) < manyKinds && !m.Geometry.NoPosition && !slices.ContainsFunc(seen, f.parallelTo) {
			seen = append(seen, f)
		}
	}
	return len(seen)
}

func (m *Image) sizeName() string {
	return fmt.Sprintf("%dx%d", m.Geometry.Size[0], m.Geometry.Size[1])
}

// planeName names the plane of a normal: an orthogonal one where it is within about 25 degrees, else oblique.
func planeName(normal mgl64.Vec3) string {
	for n, name := range [3]string{"sagittal", "coronal", "axial"} {
		if math.Abs(normal[n]) > 0.9 {
			return name
		}
	}
	return "oblique"
}

// sortInstances brings files into an order that does not depend on where they lie: by Instance Number, then UID. Equal ones stay by path.
func sortInstances(list []*instance) {
	slices.SortStableFunc(list, func(a, b *instance) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.uid, b.uid), cmp.Compare(a.path, b.path))
	})
}
