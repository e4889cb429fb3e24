package cli

import (
	"sort"
	"strconv"

	"hotlight/project/export"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// masks are the segments of one file on its grid, by name. A label map's names are its numbers.
type masks struct {
	geometry volume.Geometry
	byName   map[string]*segmentation.Mask
}

// masksOf makes a mask of every label that occurs.
func masksOf(l *export.Labels) *masks {
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
