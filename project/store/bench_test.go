package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/keys/keystest"
	"hotlight/project/volume"
)

// bigReading is a read of a volume of 512 x 512 x 800 voxels.
func bigReading(b *testing.B) (*Store, project.ReadID, *edit.History) {
	m := newTeam(b)
	s, _ := m.newStore(b, m.reader.Holder)
	it := m.item(1)
	it.Images[0].Geometry = volume.Geometry{Size: [3]int{512, 512, 800}, Spacing: mgl64.Vec3{0.7, 0.7, 1}, Direction: mgl64.Ident3(), FrameOfReference: "1.2.3.4"}
	if err := s.AddItem(it); err != nil {
		b.Fatal(err)
	}
	r, err := s.AddRead(project.ReadSeat{Item: it.ID, Reader: m.reader.ReaderID()}, "")
	if err != nil {
		b.Fatal(err)
	}
	return s, r.ID, newHistory(b, it)
}

// stroke is the n-th of a reader's strokes: a brush of 40 pixels drawn over 30 mm on one slice.
func stroke(n int) edit.Op {
	x, y, z := float64(60+n%200), float64(60+(n*7)%200), float64(n*13%700)
	return edit.Op{Op: "brush", Segment: edit.Ref{Name: "liver"}, RadiusMM: 14, Plane: "axial", PointsMM: []volume.Point{{x, y, z}, {x + 15, y + 5, z}, {x + 30, y, z}}}
}

// BenchmarkStrokeDurable is the time from pointer up, when the entry exists, to the stroke being on the disk (DESIGN.md section 10: 50 ms at the 99th
// percentile), one stroke at a time.
func BenchmarkStrokeDurable(b *testing.B) {
	s, read, h := bigReading(b)
	var took []time.Duration
	n := 0
	for b.Loop() {
		b.StopTimer()
		e, err := h.Do(stroke(n))
		if err != nil {
			b.Fatal(err)
		}
		n++
		b.StartTimer()
		start := time.Now()
		if err := s.AppendEdit(read, e).Wait(context.Background()); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	report(b, took)
}

// BenchmarkBurstDurable is the same for strokes that come faster than the disk: 32 at once, committed in groups.
func BenchmarkBurstDurable(b *testing.B) {
	s, read, h := bigReading(b)
	var took []time.Duration
	n := 0
	for b.Loop() {
		b.StopTimer()
		var burst []edit.Entry
		for range 32 {
			e, err := h.Do(stroke(n))
			if err != nil {
				b.Fatal(err)
			}
			burst = append(burst, e)
			n++
		}
		b.StartTimer()
		start := time.Now()
		var saved []Saved
		for _, e := range burst {
			saved = append(saved, s.AppendEdit(read, e))
		}
		for _, w := range saved {
			if err := w.Wait(context.Background()); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
	}
	report(b, took)
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	ms := func(q float64) float64 {
		return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
	b.ReportMetric(ms(1), "max-ms")
}

// BenchmarkOpen is the opening of a project with 200 items of 400 files each and 200 reads.
func BenchmarkOpen(b *testing.B) {
	m := newTeam(b)
	s, dir := m.newStore(b, m.reader.Holder)
	for n := range 200 {
		it := m.item(n)
		for len(it.Images[0].Instances) < 400 {
			it.Images[0].Instances = append(it.Images[0].Instances, it.Images[0].Instances[0])
		}
		if err := s.AddItem(it); err != nil {
			b.Fatal(err)
		}
		if _, err := s.AddRead(project.ReadSeat{Item: it.ID, Reader: m.reader.ReaderID()}, ""); err != nil {
			b.Fatal(err)
		}
	}
	s.Close()
	h := keystest.Open(b, m.reader.Vault)
	for b.Loop() {
		s, err := Open(dir, h, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}
