package ingest

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"testing"

	"hotlight/project/dcm"
	j2k "hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/volume"
)

const jpeg2000Lossless = "1.2.840.10008.1.2.4.90"

// mammogram is a smooth picture of 1600 x 1400 pixels in JPEG 2000.
func mammogram(t testing.TB) *Image {
	t.Helper()
	return pictureInJPEG2000(t, 1600, 1400, func(x, y int) int32 { return int32(x + y) })
}

func pictureInJPEG2000(t testing.TB, columns, rows int, at func(x, y int) int32) *Image {
	t.Helper()
	samples := make([]int32, columns*rows)
	for n := range samples {
		samples[n] = at(n%columns, n/columns)
	}
	stream, err := j2k.Encode(j2k.Grey(columns, rows, 16, false, samples), j2k.Options{Coding: j2k.Coding{Levels: 5}})
	if err != nil {
		t.Fatal(err)
	}
	d := picture(without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient, dcm.RescaleSlope, dcm.RescaleIntercept), set(dcm.Modality, dcm.CS, "MG"),
		set(dcm.Columns, dcm.US, uint16(columns)), set(dcm.Rows, dcm.US, uint16(rows)), set(dcm.PixelRepresentation, dcm.US, 0))
	return onlySeries(t, scan(t, save(t, filepath.Join(t.TempDir(), "IM1"), enclosed(t, d, jpeg2000Lossless, stream)))).Volumes[0]
}

func TestALargePictureIsCoarseFirst(t *testing.T) {
	m := mammogram(t)
	l, err := newLoading(m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var first *volume.Volume
	l.opts.Coarse = func(v *volume.Volume) { first = v }
	l.coarse(context.Background()) // before the picture itself
	if first == nil {
		t.Fatal("there is no first picture")
	}
	l.start(context.Background())
	if err := l.Wait(); err != nil {
		t.Fatal(err)
	}
	full := l.Volume()
	if first.Size != [3]int{400, 350, 1} || first.Spacing[0] != 4*full.Spacing[0] || first.Spacing[1] != 4*full.Spacing[1] || first.Origin != full.Origin || !first.Complete() {
		t.Fatalf("%+v", first.Geometry)
	}
	for j := 1; j < 349; j += 13 { // the slope's values lie where they lie in the picture itself
		for i := 1; i < 399; i += 7 {
			x := volume.Index{float64(i), float64(j), 0}
			got, _ := first.Value(x)
			want, ok := full.Value(full.ToIndex(first.ToPatient(x)))
			if !ok || math.Abs(got-want) > 1 {
				t.Fatalf("coarse (%d, %d) is %v, the picture %v there", i, j, got, want)
			}
		}
	}
	// It is not told of any more once the picture is there.
	first = nil
	if l.coarse(context.Background()); first != nil {
		t.Error("a coarse picture after the real one")
	}
}

func TestWhatIsNotCoarse(t *testing.T) {
	for name, m := range map[string]*Image{"a small picture": one(t, picture()), "a syntax without resolutions": one(t, picture(set(dcm.Columns, dcm.US, 1600), set(dcm.Rows, dcm.US, 1400), set(dcm.PixelData, dcm.OW, make([]byte, 1600*1400*2))))} {
		l, err := Load(context.Background(), m, LoadOptions{Coarse: func(*volume.Volume) { t.Errorf("%s has a coarse picture", name) }})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Wait(); err != nil {
			t.Fatal(err)
		}
		<-l.quiet
	}
}

// BenchmarkCoarsePicture loads a mammogram of 4096 x 3328 pixels with noise in it, and ends where the window has something to show; the picture itself is
// being decoded beside it and given up then.
func BenchmarkCoarsePicture(b *testing.B) {
	m := pictureInJPEG2000(b, 3328, 4096, func(x, y int) int32 {
		dx, dy := x-1100, y-2048
		return int32(max(0, 3500-(dx*dx+dy*dy)/1200)) + int32(uint32((y*3328+x)*2654435761)>>28)
	})
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		first := make(chan struct{})
		l, err := Load(ctx, m, LoadOptions{Coarse: func(*volume.Volume) { close(first) }})
		if err != nil {
			b.Fatal(err)
		}
		<-first
		cancel() // as a reader does who flips through mammograms
		l.Wait()
	}
}

// TestCancelEndsTheDecodingOfALargePicture asks the file itself: what a cancelled load decodes fails, and the load's own reason is the cancelling.
func TestCancelEndsTheDecodingOfALargePicture(t *testing.T) {
	m := mammogram(t)
	ctx, cancel := context.WithCancel(context.Background())
	l, err := newLoading(m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l.files.done = ctx.Done()
	o, err := l.files.open(m.frames[0].of)
	if err != nil {
		t.Fatal(err)
	}
	defer o.file.Close()
	dst := make([]byte, m.frames[0].of.format.FrameBytes())
	if err := o.decode(0, dst); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := o.decode(0, dst); err == nil {
		t.Error("a picture that nobody wants was decoded")
	}
	l, err = Load(ctx, m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("the load ends with %v", err)
	}
}
