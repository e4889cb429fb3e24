package jpeg2000_test

import (
	"encoding/binary"
	"errors"
	"image"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// ramp is a small picture with something in all bit planes.
func ramp(t testing.TB, o encode.Options) []byte {
	t.Helper()
	m := encode.Grey(37, 29, 12, false, make([]int32, 37*29))
	for n := range m.Components[0].Samples {
		m.Components[0].Samples[n] = int32(n * 2654435761 >> 7 & 4095)
	}
	stream, err := encode.Encode(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestHugeHeadersCostNothing(t *testing.T) {
	stream := ramp(t, encode.Options{})
	binary.BigEndian.PutUint32(stream[8:], 20000)
	binary.BigEndian.PutUint32(stream[12:], 20000)
	binary.BigEndian.PutUint32(stream[24:], 20000)
	binary.BigEndian.PutUint32(stream[28:], 20000)
	before := allocated()
	if _, err := jpeg2000.Decode(stream, jpeg2000.Options{}); !errors.Is(err, jpeg2000.ErrLimit) {
		t.Errorf("20000 x 20000 pixels in %d bytes: %v", len(stream), err)
	}
	shape := jpeg2000.Shape{Rows: 29, Columns: 37, Components: 1, Bytes: 2}
	if _, err := jpeg2000.DecodeFrame(make([]byte, shape.Rows*shape.Columns*2), stream, shape, jpeg2000.Options{}); !errors.Is(err, jpeg2000.ErrShape) {
		t.Errorf("it is not the announced picture: %v", err)
	}
	if used := allocated() - before; used > 1<<17 {
		t.Errorf("%d bytes were allocated", used)
	}
}

func TestTruncatedStreams(t *testing.T) {
	for name, o := range map[string]encode.Options{
		"one tile":    {Coding: encode.Coding{Levels: 2, BlockWidth: 16, BlockHeight: 16}, Layers: 3},
		"tile parts":  {Coding: encode.Coding{Levels: 2}, TileWidth: 16, TileHeight: 16, TilePartPackets: 2, Interleave: true, SOP: true, EPH: true},
		"packed":      {Coding: encode.Coding{Levels: 3}, PPM: true, TileWidth: 20, TileHeight: 20},
		"packed PPT":  {Coding: encode.Coding{Levels: 3, Style: encode.TerminateAll}, PPT: true, Layers: 2},
		"many blocks": {Coding: encode.Coding{Levels: 1, BlockWidth: 4, BlockHeight: 4, Style: encode.Bypass}, Order: encode.RPCL},
		"HT":          {Coding: encode.Coding{Levels: 2, Style: encode.HighThroughput, HTPasses: 3}},
		"mixed":       {Coding: encode.Coding{Levels: 2, Style: encode.HighThroughput | encode.Mixed, Mix: 0x5A5A, Placeholders: 1, Late: 2, BlockWidth: 8, BlockHeight: 8}, Layers: 3},
	} {
		t.Run(name, func(t *testing.T) {
			stream := ramp(t, o)
			for n := range len(stream) - 2 { // without EOC it is complete
				img, err := jpeg2000.Decode(stream[:n], jpeg2000.Options{})
				if err == nil || img != nil {
					t.Fatalf("%d of %d bytes: %v", n, len(stream), err)
				}
				part, again := jpeg2000.Decode(stream[:n], jpeg2000.Options{Partial: true})
				if again == nil || part != nil && len(part.Components[0].Samples) != 37*29 {
					t.Fatalf("%d of %d bytes: %v, in part %v", n, len(stream), err, again)
				}
			}
			if _, err := jpeg2000.Decode(stream[:len(stream)-2], jpeg2000.Options{}); err != nil {
				t.Errorf("without EOC: %v", err)
			}
		})
	}
}

// TestPartialPicturesGetBetter cuts a stream by layers: with more bytes a picture is nearer to the whole.
func TestPartialPicturesGetBetter(t *testing.T) {
	stream := ramp(t, encode.Options{Coding: encode.Coding{Levels: 2}, Layers: 6})
	whole, err := jpeg2000.Decode(stream, jpeg2000.Options{})
	if err != nil {
		t.Fatal(err)
	}
	last := 1e18
	for _, part := range []float64{0.5, 0.7, 0.9, 1} {
		img, err := jpeg2000.Decode(stream[:int(float64(len(stream))*part)], jpeg2000.Options{Partial: true})
		if img == nil || (err == nil) != (part == 1) {
			t.Fatalf("%v of it: %v", part, err)
		}
		sum := 0.0
		for n, v := range img.Components[0].Samples {
			d := float64(v - whole.Components[0].Samples[n])
			sum += d * d
		}
		if sum > last {
			t.Errorf("%v of it has an error of %v, less had %v", part, sum, last)
		}
		last = sum
	}
}

// TestMutants decodes damaged versions of streams of the whole parameter space. HOTLIGHT_SOAK=1 makes them many.
func TestMutants(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	streams, each := 60, 20
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		streams, each = 1000, 100
	}
	for n := range streams {
		c := corpus.Random(r)
		stream, err := encode.Encode(c.Image, c.Options)
		if err != nil {
			t.Fatalf("seed %d, case %d: %v", seed, n, err)
		}
		for range each {
			mutant := damaged(r, stream)
			if exercise(t, mutant, r.IntN(3), image.Rect(0, 0, 1+r.IntN(100), 1+r.IntN(100))); t.Failed() {
				path := t.TempDir() + "/../hotlight-mutant.j2k"
				os.WriteFile(path, mutant, 0o600)
				t.Fatalf("seed %d, case %d, %s", seed, n, c.Name)
			}
		}
	}
}

// campaign returns random numbers, their seed, and how many cases are tried: more with HOTLIGHT_SOAK=1.
func campaign(normal, soak int) (r *rand.Rand, seed uint64, cases int) {
	if seed, cases = rand.Uint64(), normal; os.Getenv("HOTLIGHT_SOAK") == "1" {
		cases = soak
	}
	return rand.New(rand.NewPCG(seed, 1)), seed, cases
}

// damaged returns stream with some bytes changed, and sometimes cut short.
func damaged(r *rand.Rand, stream []byte) []byte {
	mutant := append([]byte(nil), stream...)
	for range 1 + r.IntN(3) {
		at := r.IntN(len(mutant))
		if r.IntN(2) == 0 {
			at = r.IntN(min(len(mutant), 150)) // the main header
		}
		mutant[at] = byte(r.Uint32())
	}
	if r.IntN(4) == 0 {
		mutant = mutant[:r.IntN(len(mutant))]
	}
	return mutant
}

// exercise decodes b in all ways and fails the test when time or memory are out of proportion.
func exercise(t testing.TB, b []byte, reduce int, region image.Rectangle) {
	t.Helper()
	for _, o := range ways(reduce, region) {
		img, err := decodeWithin(t, b, o)
		if o.Region.Empty() {
			sameInRounds(t, b, o, img, err)
		}
	}
}

func ways(reduce int, region image.Rectangle) []jpeg2000.Options {
	return []jpeg2000.Options{{MaxSamples: 1 << 20}, {MaxSamples: 1 << 20, Partial: true, Workers: 3}, {MaxSamples: 1 << 20, Partial: true, Reduce: reduce, Region: region}}
}

// decodeWithin decodes b and fails the test when time or memory are out of proportion.
func decodeWithin(t testing.TB, b []byte, o jpeg2000.Options) (*jpeg2000.Image, error) {
	t.Helper()
	h, _ := jpeg2000.ReadHeader(b)
	before, start := allocated(), time.Now()
	img, err := jpeg2000.Decode(b, o)
	if err == nil && img == nil || err != nil && !o.Partial && img != nil {
		t.Errorf("%v with %v", img, err)
	}
	took := time.Since(start)
	if used, most := allocated()-before, fairMemory(h, o, len(b)); used > most {
		t.Errorf("%d bytes were allocated for %d, %d are fair, %+v", used, len(b), most, h)
	}
	for again := 0; took > slow && again < 3; again++ { // not if the machine was busy
		start = time.Now()
		jpeg2000.Decode(b, o)
		took = min(took, time.Since(start))
	}
	if took > slow {
		t.Errorf("it took %v, %+v", took, h)
	}
	return img, err
}

// sameInRounds decodes b with a small ledger: what at once is whole must come out, unless its packets are too many to be read so often.
func sameInRounds(t testing.TB, b []byte, o jpeg2000.Options, want *jpeg2000.Image, wantErr error) {
	t.Helper()
	h, _ := jpeg2000.ReadHeader(b)
	before := allocated()
	got, err := jpeg2000.DecodeInRounds(b, o, 1<<13+len(b)/4)
	if used, most := allocated()-before, fairMemory(h, o, len(b)); used > most {
		t.Errorf("in rounds: %d bytes were allocated for %d, %d are fair, %+v", used, len(b), most, h)
	}
	if wantErr != nil && err == nil || wantErr == nil && err != nil && !errors.Is(err, jpeg2000.ErrWork) {
		t.Errorf("in rounds: %v, at once %v", err, wantErr)
	}
	if wantErr == nil && err == nil {
		for i, p := range got.Components {
			if q := want.Components[i]; !slices.Equal(p.Samples, q.Samples) || !slices.Equal(p.Deep, q.Deep) {
				t.Errorf("in rounds component %d is another picture", i)
			}
		}
	}
}

// slow is a sign of something endless, not a measurement: what is decoded here has a million samples at most. It is generous where machines are busy, or look
// for races; campaigns are strict.
var slow = 5 * time.Second

func init() {
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		slow = time.Second
	}
}

// fairMemory returns how many bytes may be allocated, whatever the stream: 8 for each wanted sample, of a region with those around it that the wavelet needs, as
// many as the stream has, a megabyte, and half a megabyte for each goroutine that decodes code-blocks.
func fairMemory(h jpeg2000.Header, o jpeg2000.Options, bytes int) uint64 {
	samples := 0
	for _, c := range h.Components {
		wide, high := reduced(c.Width, o.Reduce), reduced(c.Height, o.Reduce)
		if !o.Region.Empty() {
			wide = min(wide, reduced(o.Region.Dx(), o.Reduce)+9)
			high = min(high, reduced(o.Region.Dy(), o.Reduce)+9)
		}
		samples += min(wide*high, 1<<30)
	}
	return uint64(8*min(samples, int(o.MaxSamples)) + bytes + 1<<20 + max(1, o.Workers)<<19)
}

func reduced(n, reduce int) int { return (n + 1<<reduce - 1) >> reduce }
