package report

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math"
	"strings"

	"hotlight/project"
	"hotlight/project/export"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// gridToleranceMM is how far apart two grids may lie to count as one: what float32 headers explain.
const gridToleranceMM = 0.01

// masks checks what a read says of its masks, notes the files' digests, and leaves the voxels for when they are needed.
func (l *loader) masks(in *Input, r *Read, files []maskFile) error {
	type thing struct {
		class    string
		instance int
	}
	seen := map[thing]bool{}
	for f, m := range files {
		field := fmt.Sprintf("masks[%d]", f)
		if err := inside(m.File); err != nil {
			return project.Errorf(project.Invalid, "%s.file: %w", field, err)
		}
		labels := map[int]bool{}
		for n, s := range m.Segments {
			c, ok := in.Definition.Class(s.Class)
			t := thing{s.Class, s.Instance}
			switch {
			case !ok || !c.Is(project.KindSegment):
				return project.Errorf(project.Invalid, "%s.segments[%d].class: the definition has no segment %q", field, n, s.Class)
			case s.Label < 1 || s.Label > 65535 || labels[s.Label]:
				return project.Errorf(project.Invalid, "%s.segments[%d].label: is 1 to 65535 and occurs once in a file", field, n)
			case s.Instance < 0 || seen[t]:
				return project.Errorf(project.Invalid, "%s.segments[%d].instance: occurs twice in the class", field, n)
			case s.Instance > 1 && !severalOf(in.Definition, &c):
				return project.Errorf(project.Invalid, "%s.segments[%d].instance: the class has one instance a study", field, n)
			}
			labels[s.Label], seen[t] = true, true
			attributes, rating, err := markAnswers(&c, s.Attributes, s.Rating)
			if err != nil {
				return project.Errorf(project.Invalid, "%s.segments[%d].attributes.%w", field, n, err)
			}
			of := SegmentOf{s.Class, s.Instance, rating, attributes}
			r.Segments, files[f].of = append(r.Segments, of), append(files[f].of, of)
		}
		hash, err := l.digest(m.File)
		if err != nil {
			return project.Errorf(project.Invalid, "%s.file: %w", field, err)
		}
		files[f].hash = hash
	}
	if len(files) > 0 {
		dir, name := l.dir, r.Name
		r.Draw = func(ctx context.Context) (*Drawn, error) {
			d, err := drawFiles(ctx, dir, files)
			return d, at(name, err)
		}
	}
	return nil
}

// severalOf reports whether a class may have several instances in a study: its rule matches them, or the class says so.
func severalOf(d *project.Definition, c *project.Class) bool {
	return d.ClassRule(c.ID).Match != nil || c.Tracking || c.Instances != nil && c.Instances.Max > 1
}

// drawFiles reads a read's label maps. They must lie on one grid, and every label must have a name.
func drawFiles(ctx context.Context, dir string, files []maskFile) (*Drawn, error) {
	out := &Drawn{}
	for f, m := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		labels, err := readLabels(dir, m)
		if err != nil {
			return nil, project.Errorf(project.Invalid, "masks[%d].file: %w", f, err)
		}
		if f == 0 {
			out.Geometry = labels.Geometry
		} else if !out.Geometry.SameGrid(&labels.Geometry, gridToleranceMM) {
			return nil, project.Errorf(project.Invalid, "masks[%d].file: lies on another grid than the read's first; nothing is resampled", f)
		}
		byLabel := map[int]*segmentation.Mask{}
		for _, s := range m.Segments {
			byLabel[s.Label] = nil
		}
		if err := split(labels, byLabel); err != nil {
			return nil, project.Errorf(project.Invalid, "masks[%d].segments: %w", f, err)
		}
		for n, s := range m.Segments {
			out.Segments = append(out.Segments, Segment{m.of[n], byLabel[s.Label]})
		}
	}
	return out, nil
}

// readLabels reads a label map through the folder's root, so that no link leads out of it.
func readLabels(dir string, m maskFile) (*export.Labels, error) {
	b, err := readInside(dir, m.File)
	if err != nil {
		return nil, bare(err)
	}
	if project.HashOf(b) != m.hash {
		return nil, project.Errorf(project.Conflict, "the file changed while the report was made")
	}
	if strings.HasPrefix(string(b[:min(4, len(b))]), "NRRD") {
		return export.DecodeNRRDLabels(bytes.NewReader(b))
	}
	return export.DecodeNIfTILabels(bytes.NewReader(b), int64(len(b)))
}

// split fills in the mask of every label asked for; a label that occurs and was not asked for is an error.
func split(l *export.Labels, masks map[int]*segmentation.Mask) error {
	g := l.Geometry
	builders := map[int]*segmentation.Builder{}
	for label := range masks {
		builders[label] = segmentation.NewBuilder(segmentation.NewMask(g.Size))
	}
	for k := range g.Size[2] {
		for j := range g.Size[1] {
			row := l.Values[(k*g.Size[1]+j)*g.Size[0]:][:g.Size[0]]
			for from := 0; from < len(row); {
				to := from
				for to+1 < len(row) && row[to+1] == row[from] {
					to++
				}
				if label := int(row[from]); label != 0 {
					if builders[label] == nil {
						return project.Errorf(project.Invalid, "label %d occurs in the file and is not named", label)
					}
					builders[label].SetRow(from, to, j, k)
				}
				from = to + 1
			}
		}
	}
	for label, b := range builders {
		masks[label] = b.Mask()
	}
	return nil
}

// sameGrid checks that the masks of one study can be compared.
func sameGrid(a, b *volume.Geometry) bool { return a.SameGrid(b, gridToleranceMM) }

// isMissing reports that a file is not there.
func isMissing(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err != nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
