package cli

import (
	"fmt"
	"math"
	"sort"
	"strconv"

	"hotlight/project"
	"hotlight/project/export"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// masks are the segments of one file on its grid, by name. A label map's names are its numbers.
type masks struct {
	geometry volume.Geometry
	byName   map[string]*segmentation.Mask
	names    map[string]string // a segmentation's names by number; nil for a label map
}

// labelMasks makes a mask of every label that occurs.
func labelMasks(l *export.Labels) *masks {
	g := l.Geometry
	builders := map[uint16]*segmentation.Builder{}
	for k := range g.Size[2] {
		for j := range g.Size[1] {
			row := l.Values[(k*g.Size[1]+j)*g.Size[0]:][:g.Size[0]]
			for from := 0; from < len(row); {
				to := from
				for to+1 < len(row) && row[to+1] == row[from] {
					to++
				}
				if label := row[from]; label != 0 {
					if builders[label] == nil {
						builders[label] = segmentation.NewBuilder(segmentation.NewMask(g.Size))
					}
					builders[label].SetRow(from, to, j, k)
				}
				from = to + 1
			}
		}
	}
	m := &masks{geometry: g, byName: map[string]*segmentation.Mask{}}
	for label, b := range builders {
		m.byName[strconv.Itoa(int(label))] = b.Mask()
	}
	return m
}

// segmentMasks takes a segmentation's own names; a name that is empty or occurs twice becomes the segment's number.
func segmentMasks(s *export.Segmented) *masks {
	m := &masks{geometry: s.Geometry, byName: map[string]*segmentation.Mask{}, names: map[string]string{}}
	count := map[string]int{}
	for _, one := range s.Segments {
		count[one.Name]++
	}
	for _, one := range s.Segments {
		name := one.Name
		if name == "" || count[name] > 1 {
			name = strconv.Itoa(one.Number)
		}
		m.byName[name] = one.Mask
		m.names[strconv.Itoa(one.Number)] = name
	}
	return m
}

// nameLike gives a label map the names of a segmentation whose segments have the same numbers.
func (m *masks) nameLike(o *masks) {
	if m.names != nil || o.names == nil {
		return
	}
	named := map[string]*segmentation.Mask{}
	for number, mask := range m.byName {
		if name, ok := o.names[number]; ok {
			number = name
		}
		named[number] = mask
	}
	m.byName = named
}

// mask returns a segment, empty if there is none by that name.
func (m *masks) mask(name string) *segmentation.Mask {
	if found, ok := m.byName[name]; ok {
		return found
	}
	return segmentation.NewMask(m.geometry.Size)
}

// union returns the voxels of all segments.
func (m *masks) union() (*segmentation.Mask, error) {
	all := segmentation.NewMask(m.geometry.Size)
	for _, one := range m.byName {
		var err error
		if all, err = segmentation.Union(all, one); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// namesOf returns the names that either file has: numbers by size, then the others by the alphabet.
func namesOf(a, b *masks) []string {
	seen := map[string]bool{}
	var names []string
	for _, m := range []*masks{a, b} {
		for name := range m.byName {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	sort.Slice(names, func(i, j int) bool {
		x, errX := strconv.Atoi(names[i])
		y, errY := strconv.Atoi(names[j])
		if errX == nil && errY == nil {
			return x < y
		}
		return errX == nil && errY != nil || (errX == nil) == (errY == nil) && names[i] < names[j]
	})
	return names
}

// gridToleranceMM is how far apart two grids may lie to count as one: what float32 headers explain.
const gridToleranceMM = 0.01

// align puts both on one grid. Grids that differ only in where their slices begin and end (a segmentation holds no empty slices) become the grid of
// all their slices; anything else is refused, since nothing is resampled. A frame of reference that one file does not name is noted.
func align(a, b *masks) (note string, err error) {
	ga, gb := &a.geometry, &b.geometry
	if fa, fb := ga.FrameOfReference, gb.FrameOfReference; fa != fb {
		if fa != "" && fb != "" {
			return "", project.Errorf(project.Invalid, "the masks are of different frames of reference")
		}
		note = "only one of the masks names its frame of reference; that they share it is taken on trust"
		ga.FrameOfReference, gb.FrameOfReference = fa+fb, fa+fb
	}
	if ga.SameGrid(gb, gridToleranceMM) {
		return note, nil
	}
	other := project.Errorf(project.Invalid, "the masks lie on different grids; nothing is resampled to compare them")
	if ga.Spacing[2] == 0 { // a single slice does not know its distance to the next
		ga.Spacing[2] = gb.Spacing[2]
	}
	if gb.Spacing[2] == 0 {
		gb.Spacing[2] = ga.Spacing[2]
	}
	if ga.IsStack() || gb.IsStack() || ga.Size[0] != gb.Size[0] || ga.Size[1] != gb.Size[1] || ga.Spacing[2] == 0 {
		return "", other
	}
	start := ga.ToIndex(gb.Origin)
	shift := int(math.Round(start[2]))
	lo, hi := min(0, shift), max(ga.Size[2], shift+gb.Size[2])
	if hi-lo > segmentation.MaxAxis || ga.Size[2]+gb.Size[2] < hi-lo-1<<14 {
		return "", other
	}
	x, y := *ga, *gb
	x.Size[2], y.Size[2] = hi-lo, hi-lo
	x.Origin = ga.ToPatient(volume.Index{0, 0, float64(lo)})
	y.Origin = gb.ToPatient(volume.Index{0, 0, float64(lo - shift)})
	if !x.SameGrid(&y, gridToleranceMM) {
		return "", other
	}
	a.embed(x, -lo)
	b.embed(x, shift-lo)
	return note, nil
}

// embed puts the masks on a grid with more slices, theirs beginning at slice first.
func (m *masks) embed(g volume.Geometry, first int) {
	size := m.geometry.Size
	row := make([]uint64, (size[0]+63)/64)
	for name, old := range m.byName {
		b := segmentation.NewBuilder(segmentation.NewMask(g.Size))
		for k := range size[2] {
			for j := range size[1] {
				if old.Row(j, k, row) {
					setWords(b, row, j, k+first)
				}
			}
		}
		m.byName[name] = b.Mask()
	}
	m.geometry = g
}

// setWords adds the set bits of a row.
func setWords(b *segmentation.Builder, row []uint64, j, k int) {
	for n, word := range row {
		for i := n * 64; word != 0; i, word = i+1, word>>1 {
			if word&1 != 0 {
				b.Set(i, j, k)
			}
		}
	}
}

// readMasks reads a file of masks by what its first bytes say it is.
func readMasks(path string) (*masks, error) {
	dicom, err := export.IsDICOM(path)
	if err != nil {
		return nil, err
	}
	if dicom {
		s, err := export.ReadSegmentation(path)
		if err != nil {
			return nil, err
		}
		return segmentMasks(s), nil
	}
	nrrd, err := export.IsNRRD(path)
	if err != nil {
		return nil, err
	}
	read := export.ReadNIfTILabels
	if nrrd {
		read = export.ReadNRRDLabels
	}
	l, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("label map: %w", err)
	}
	return labelMasks(l), nil
}
