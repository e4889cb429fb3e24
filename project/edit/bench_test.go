package edit

import (
	"slices"
	"testing"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// benchHistory is a read on DESIGN.md section 10's 512 x 512 x 800 with n segments that have voxels.
func benchHistory(b *testing.B, n int) *History {
	g := &volume.Geometry{Size: [3]int{512, 512, 800}, Spacing: mgl64.Vec3{0.7, 0.7, 1}, Direction: mgl64.Ident3()}
	h := New([]Image{{Geometry: g}}, testClasses)
	for i := range n {
		if _, err := h.Do(Op{Op: opAdd, Name: "s" + string(rune('a'+i))}); err != nil {
			b.Fatal(err)
		}
		if _, err := h.Do(Op{Op: opBrush, Segment: Ref{Number: i + 1}, Shape: "sphere", RadiusMM: 30, PointsMM: []volume.Point{{150, 150, 380}, {200, 180, 420}}}); err != nil {
			b.Fatal(err)
		}
	}
	return h
}

var benchBrush = Op{Op: opBrush, Segment: Ref{Number: 1}, RadiusMM: 14, Plane: "axial"}

func benchPoint(n int) volume.Point {
	return volume.Point{60 + 4*float64(n), 100 + 2*float64(n), 400}
}

// drawn keeps the compiler from dropping what a subscriber gets.
var drawn segmentation.Bounds

// BenchmarkStroke draws strokes of 40 samples with a 40 pixel brush: each sample published and told to a subscriber, then pointer up with the entry's bytes. The
// metrics are the slowest of 20 samples and of 20 pointer-ups.
func BenchmarkStroke(b *testing.B) {
	for _, c := range []struct {
		name     string
		segments int
		op       func(op *Op)
	}{
		{"one segment", 1, func(*Op) {}},
		{"26 segments, overwrite all", 26, func(op *Op) { op.Overwrite = "all" }},
		{"sphere", 1, func(op *Op) { op.Shape, op.Plane = "sphere", "" }},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := benchHistory(b, c.segments)
			op := benchBrush
			c.op(&op)
			h.Subscribe(func(e Event) { drawn = e.Voxels })
			var moves, ups []time.Duration
			size := 0
			for b.Loop() {
				d, err := h.Begin(op)
				if err != nil {
					b.Fatal(err)
				}
				for n := range 40 {
					start := time.Now()
					if err := d.Extend(benchPoint(n)); err != nil {
						b.Fatal(err)
					}
					moves = append(moves, time.Since(start))
				}
				start := time.Now()
				e, err := d.Commit()
				if err != nil {
					b.Fatal(err)
				}
				size = max(size, len(e.Marshal()))
				ups = append(ups, time.Since(start))
				if _, err := h.Undo(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size), "entry-bytes")
			b.ReportMetric(p95(moves), "move-p95-us")
			b.ReportMetric(p95(ups), "up-p95-us")
		})
	}
}

func p95(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)*95/100].Nanoseconds()) / 1000
}

// BenchmarkUndoRedo is one undo and one redo of a stroke, and of the deletion of a segment of 2 M voxels.
func BenchmarkUndoRedo(b *testing.B) {
	for _, c := range []struct {
		name string
		op   Op
	}{
		{"stroke", func() Op {
			op := benchBrush
			for n := range 40 {
				op.PointsMM = append(op.PointsMM, benchPoint(n))
			}
			return op
		}()},
		{"delete", Op{Op: opDelete, Segment: Ref{Number: 1}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := benchHistory(b, 1)
			if _, err := h.Do(c.op); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := h.Undo(); err != nil {
					b.Fatal(err)
				}
				if _, err := h.Redo(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReplay replays a journal of 1000 strokes.
func BenchmarkReplay(b *testing.B) {
	h := benchHistory(b, 1)
	j := &journal{t: b}
	op := benchBrush
	h = New(h.images, testClasses)
	j.follow(h)
	op.Segment = Ref{Name: "liver"}
	for n := range 1000 {
		op.PointsMM = []volume.Point{benchPoint(n % 60), benchPoint(n%60 + 3)}
		op.PointsMM[0][2] = float64(n % 700)
		op.PointsMM[1][2] = float64(n % 700)
		if _, err := h.Do(op); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := Replay(h.images, testClasses, j.from(0)); err != nil {
			b.Fatal(err)
		}
	}
}
