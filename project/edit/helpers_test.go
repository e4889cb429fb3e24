package edit

import (
	"iter"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// random returns a source whose seed is printed when the test fails; HOTLIGHT_SEED repeats a run.
func random(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("HOTLIGHT_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("HOTLIGHT_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

var testClasses = []project.Class{
	{ID: "liver", Value: 1, Name: "Liver", Colour: project.Colour{R: 200}, Category: project.Code{Value: "123037004", Scheme: "SCT", Meaning: "Anatomical Structure"},
		Type: project.Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"}},
	{ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Colour{G: 200}},
}

// testImages are two grids of different shape; the first has values.
func testImages() []Image {
	a := &volume.Geometry{Size: [3]int{90, 70, 12}, Spacing: mgl64.Vec3{0.8, 0.9, 2.5}, Direction: mgl64.Ident3()}
	b := &volume.Geometry{Size: [3]int{33, 65, 20}, Spacing: mgl64.Vec3{1, 1, 1}, Origin: volume.Point{5, 5, 5}, Direction: mgl64.Ident3()}
	v, err := volume.New(*a, volume.Int16)
	if err != nil {
		panic(err)
	}
	for n := range v.Int16 {
		v.Int16[n] = int16(n % 300)
	}
	v.ArriveAll()
	return []Image{{a, v}, {b, nil}}
}

// journal keeps entries as bytes, as a store does.
type journal struct {
	t       testing.TB
	records [][]byte
}

// follow appends whatever h does.
func (j *journal) follow(h *History) {
	h.Subscribe(func(e Event) {
		if e.Entry != nil {
			j.records = append(j.records, e.Entry.Marshal())
		}
	})
}

func (j *journal) load(seq uint64) (Entry, error) { return ParseEntry(j.records[seq-1]) }

// from yields the entries after seq.
func (j *journal) from(seq uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, r := range j.records[seq:] {
			if !yield(ParseEntry(r)) {
				return
			}
		}
	}
}

func do(t testing.TB, h *History, line string) Entry {
	t.Helper()
	op, err := ParseOp([]byte(line))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	e, err := h.Do(op)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return e
}

// randomOp is an operation on whatever is there; it may well be refused.
func randomOp(r *rand.Rand, h *History) Op {
	segments := h.Set().Segments()
	ref := func() Ref {
		if len(segments) == 0 || r.IntN(6) == 0 {
			return Ref{Name: []string{"liver", "Lesion", "lesion"}[r.IntN(3)]}
		}
		g := segments[r.IntN(len(segments))]
		if r.IntN(2) == 0 {
			return Ref{Name: g.Name}
		}
		return Ref{Number: g.Number}
	}
	name := "N" + strconv.Itoa(r.IntN(8))
	switch n := r.IntN(30); {
	case n < 2:
		return Op{Op: opAdd, Name: name, Class: []string{"", "liver", "lesion"}[r.IntN(3)], Image: r.IntN(2)}
	case n < 3:
		return Op{Op: opRename, Segment: ref(), Name: name}
	case n < 4:
		return Op{Op: opColor, Segment: ref(), Color: project.Palette[r.IntN(12)].String()}
	case n < 5:
		return Op{Op: opLock, Segment: ref()}
	case n < 7:
		return Op{Op: opUnlock, Segment: ref()}
	case n < 8:
		return Op{Op: opDelete, Segment: ref()}
	case n < 13:
		return Op{Op: opUndo}
	case n < 16:
		return Op{Op: opRedo}
	}
	op := Op{Op: opBrush, Segment: ref(), RadiusMM: 0.1 + 9*r.Float64(), Mode: []string{"", "add", "erase"}[r.IntN(3)]}
	if r.IntN(2) == 0 {
		op.Shape = "sphere"
	} else if r.IntN(2) == 0 {
		op.Plane = []string{"axial", "coronal", "sagittal", "acquired"}[r.IntN(4)]
	} else {
		op.Normal = &[3]float64{r.NormFloat64(), r.NormFloat64(), 1}
	}
	for range 1 + r.IntN(3) {
		op.PointsMM = append(op.PointsMM, volume.Point{80 * r.Float64(), 70 * r.Float64(), 32 * r.Float64()})
	}
	if r.IntN(4) == 0 {
		op.Range = &[2]float64{20, 220}
	}
	op.Overwrite = []string{"", "none", "all", "visible"}[r.IntN(4)]
	if op.Overwrite == "visible" && len(segments) > 0 {
		op.Visible = []Ref{ref()}
	}
	return op
}

func digest(s *segmentation.Set) []project.Hash {
	var out []project.Hash
	for _, g := range s.Segments() {
		out = append(out, g.Mask.SHA256())
	}
	return out
}
