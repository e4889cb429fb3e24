package edit

import (
	"math/rand/v2"
	"sync"
	"testing"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// TestRenderersReadWhileAStrokeIsDrawn: one goroutine draws, undoes and redoes; others read what they last saw, all of it, without locks. Run with -race.
// A mask that changed under its reader would miscount.
func TestRenderersReadWhileAStrokeIsDrawn(t *testing.T) {
	h := New(testImages(), testClasses)
	r := random(t)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() { readUntil(t, h, done) })
	}
	cancel := h.Subscribe(func(e Event) { _ = len(h.Preview().Segments()) + len(e.Segments) })
	for range 40 {
		drawOne(t, h, r)
	}
	cancel()
	close(done)
	readers.Wait()
}

func readUntil(t *testing.T, h *History, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		_, _, _ = h.CanUndo(), h.CanRedo(), h.Seq()
		for _, s := range []*segmentation.Set{h.Preview(), h.Set()} {
			for _, g := range s.Segments() {
				if err := readWhole(g.Mask); err != "" {
					t.Error(err)
					return
				}
			}
		}
	}
}

// readWhole reads every row as a renderer does and compares with the count.
func readWhole(m *segmentation.Mask) string {
	size := m.Size()
	row := make([]uint64, (size[0]+63)/64)
	b := segmentation.NewBuilder(segmentation.NewMask(size))
	for k := range size[2] {
		for j := range size[1] {
			if !m.Row(j, k, row) {
				continue
			}
			for i := range size[0] {
				if row[i/64]>>(i%64)&1 == 1 {
					b.Set(i, j, k)
				}
			}
		}
	}
	if got := b.Mask(); !got.Equal(m) || m.Check() != nil {
		return "a mask changed while it was read"
	}
	return ""
}

func drawOne(t *testing.T, h *History, r *rand.Rand) {
	t.Helper()
	mode := []string{"add", "erase"}[r.IntN(2)]
	d, err := h.Begin(Op{Op: opBrush, Segment: Ref{Name: "liver"}, Mode: mode, RadiusMM: 1 + 5*r.Float64(), Plane: "axial", Overwrite: "all"})
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		if err := d.Extend(volume.Point{70 * r.Float64(), 60 * r.Float64(), 10}); err != nil {
			t.Fatal(err)
		}
	}
	if r.IntN(5) == 0 {
		d.Cancel()
		return
	}
	if _, err := d.Commit(); err != nil {
		t.Fatal(err)
	}
	if r.IntN(3) == 0 && h.CanUndo() {
		if _, err := h.Undo(); err != nil {
			t.Fatal(err)
		}
	}
}
