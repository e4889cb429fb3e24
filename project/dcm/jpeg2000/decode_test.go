package jpeg2000_test

import (
	"errors"
	"image"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// randomCases calls test with cases of the whole parameter space; HOTLIGHT_SOAK=1 makes them many.
func randomCases(t *testing.T, count int, test func(t *testing.T, r *rand.Rand, c corpus.Case, stream []byte)) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		count *= 100
	}
	for n := range count {
		c := corpus.Random(r)
		stream, err := encode.Encode(c.Image, c.Options)
		if err != nil {
			t.Fatalf("seed %d, case %d, %s: %v", seed, n, c.Name, err)
		}
		test(t, r, c, stream)
		if t.Failed() {
			t.Fatalf("seed %d, case %d, %s", seed, n, c.Name)
		}
	}
}

func TestDecodeGivesBackWhatWasCoded(t *testing.T) {
	exact := 0
	randomCases(t, 300, func(t *testing.T, r *rand.Rand, c corpus.Case, stream []byte) {
		got, err := jpeg2000.Decode(stream, jpeg2000.Options{Workers: 1 + r.IntN(3)})
		if err != nil {
			t.Error(err)
			return
		}
		for n, p := range got.Components {
			want := c.Image.Components[n]
			if w, h := c.Image.Size(n); p.Width != w || p.Height != h || p.Precision != want.Bits || p.Signed != want.Signed {
				t.Errorf("component %d is %d x %d of %d bits", n, p.Width, p.Height, p.Precision)
			}
			if c.Exact() && !slices.Equal(p.Samples, want.Samples) {
				t.Errorf("component %d differs", n)
			}
		}
		if c.Exact() {
			exact++
		}
	})
	t.Logf("%d were exact", exact)
}

// TestRegions compares parts of a picture with the whole, at all resolutions.
func TestRegions(t *testing.T) {
	randomCases(t, 150, func(t *testing.T, r *rand.Rand, c corpus.Case, stream []byte) {
		regionIsPart(t, r, stream, r.IntN(c.Reductions()+1))
	})
}

// regionIsPart compares any region of a picture with the whole.
func regionIsPart(t *testing.T, r *rand.Rand, stream []byte, reduce int) {
	h, err := jpeg2000.ReadHeader(stream)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := jpeg2000.Decode(stream, jpeg2000.Options{Reduce: reduce})
	if err != nil {
		t.Error(err)
		return
	}
	x, y := r.IntN(h.Width), r.IntN(h.Height)
	region := image.Rect(x, y, x+1+r.IntN(h.Width), y+1+r.IntN(h.Height))
	part, err := jpeg2000.Decode(stream, jpeg2000.Options{Reduce: reduce, Region: region})
	if err != nil {
		t.Errorf("region %v: %v", region, err)
		return
	}
	for n, p := range part.Components {
		w := whole.Components[n]
		if len(p.Samples)+len(p.Deep) != p.Width*p.Height {
			t.Fatalf("component %d, region %v reduced by %d: %d samples for %d x %d", n, region, reduce, len(p.Samples)+len(p.Deep), p.Width, p.Height)
		}
		for i := range p.Width * p.Height {
			if got, want := sample(&p, i), sample(&w, (p.Y+i/p.Width)*w.Width+p.X+i%p.Width); got != want {
				t.Errorf("component %d, region %v reduced by %d: sample %d of %d x %d is %d, not %d", n, region, reduce, i, p.Width, p.Height, got, want)
				return
			}
		}
	}
}

// TestDoneStopsDecoding: once Done is closed no code-block is decoded any more, and no picture comes back, in part either.
func TestDoneStopsDecoding(t *testing.T) {
	stream := ramp(t, encode.Options{Coding: encode.Coding{Levels: 2, BlockWidth: 4, BlockHeight: 4}, TileWidth: 20, TileHeight: 20})
	done := make(chan struct{})
	for _, o := range []jpeg2000.Options{{}, {Workers: 3}, {Partial: true}, {Partial: true, Workers: 3}} {
		if o.Done = done; !isClosed(done) {
			if _, err := jpeg2000.Decode(stream, o); err != nil {
				t.Fatalf("before: %v", err)
			}
			close(done)
		}
		if _, err := jpeg2000.Decode(stream, o); !errors.Is(err, jpeg2000.ErrStopped) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestDoneMayCloseAtAnyTime closes it while several goroutines decode: each ends with the picture or with ErrStopped.
func TestDoneMayCloseAtAnyTime(t *testing.T) {
	m := noisy(200, 1)
	stream, err := encode.Encode(m, encode.Options{Coding: encode.Coding{Levels: 3, BlockWidth: 8, BlockHeight: 8}})
	if err != nil {
		t.Fatal(err)
	}
	stopped := 0
	for n := range 20 {
		done := make(chan struct{})
		timer := time.AfterFunc(time.Duration(n)*time.Millisecond, func() { close(done) })
		img, err := jpeg2000.Decode(stream, jpeg2000.Options{Done: done, Workers: n % 4})
		switch timer.Stop(); {
		case errors.Is(err, jpeg2000.ErrStopped):
			stopped++
		case err != nil || !slices.Equal(img.Components[0].Samples, m.Components[0].Samples):
			t.Fatalf("closed after %d ms: %v", n, err)
		}
	}
	t.Logf("%d were stopped", stopped)
}
