package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

func load(t testing.TB, m *Image) *volume.Volume {
	t.Helper()
	l, err := Load(context.Background(), m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil || len(l.Failed()) > 0 {
		t.Fatalf("load: %v %v", err, l.Failed())
	}
	return l.Volume()
}

func TestLoadPutsEverySliceInItsPlace(t *testing.T) {
	pixels := func(n int) edit { return set(dcm.PixelData, dcm.OW, ramp(12 + 100*n)[200*n:]) }
	v := load(t, one(t, picture(number(1), at(2), pixels(2)), picture(number(2), at(0), pixels(0)), picture(number(3), at(1), pixels(1))))
	if v.Pixel != volume.Int16 || v.Unit != "HU" || v.Modality != "CT" || !v.Complete() {
		t.Errorf("%s %s %s", v.Pixel, v.Unit, v.Modality)
	}
	for k := range 3 {
		for n := range 12 {
			if got, ok := v.Value(volume.Index{float64(n % 4), float64(n / 4), float64(k)}); !ok || got != float64(100*k+n-1024) {
				t.Fatalf("slice %d, pixel %d is %v", k, n, got)
			}
		}
	}
}

func TestOutward(t *testing.T) {
	for _, c := range []struct {
		first, n int
		want     []int
	}{
		{0, 3, []int{0, 1, 2}}, {2, 5, []int{2, 3, 1, 4, 0}}, {4, 5, []int{4, 3, 2, 1, 0}}, {-3, 2, []int{0, 1}}, {9, 2, []int{1, 0}}, {0, 1, []int{0}},
	} {
		if got := outward(c.first, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%d of %d: %v, want %v", c.first, c.n, got, c.want)
		}
	}
}

func series(n int) (all []*dcm.DataSet) {
	for k := range n {
		all = append(all, picture(number(k+1), at(float64(k))))
	}
	return all
}

func TestTheViewedSliceComesFirst(t *testing.T) {
	m := one(t, series(9)...)
	var mu sync.Mutex
	var order []int
	l, err := Load(context.Background(), m, LoadOptions{First: 6, Workers: 1, Arrived: func(k, done, total int) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, k)
		if done != len(order) || total != 9 {
			t.Errorf("%d of %d at the %dth", done, total, len(order))
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil || !slices.Equal(order, []int{6, 7, 5, 8, 4, 3, 2, 1, 0}) {
		t.Errorf("%v, order %v", err, order)
	}
}

func TestCancelStopsAtOnce(t *testing.T) {
	m := one(t, series(50)...)
	ctx, cancel := context.WithCancel(context.Background())
	arrived := 0
	l, err := Load(ctx, m, LoadOptions{Workers: 1, Arrived: func(int, int, int) {
		if arrived++; arrived == 3 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); !errors.Is(err, context.Canceled) || arrived != 3 || l.Volume().Complete() || !l.Volume().Arrived(2) || l.Volume().Arrived(3) {
		t.Errorf("%v after %d slices", err, arrived)
	}
}

func TestOneBadSliceDoesNotStopTheOthers(t *testing.T) {
	dir := folder(t, series(5)...)
	m := onlySeries(t, scan(t, dir)).Volumes[0]
	if err := os.Truncate(m.Slices[2].Path, 700); err != nil {
		t.Fatal(err)
	}
	os.Remove(m.Slices[4].Path)
	l, err := Load(context.Background(), m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil {
		t.Fatal(err)
	}
	f := l.Failed()
	if len(f) != 2 || f[0].K != 2 || f[1].K != 4 || l.Volume().Arrived(2) || !l.Volume().Arrived(3) {
		t.Errorf("%+v", f)
	}
	w := l.Warnings()
	last := w[len(w)-1]
	if last.Code != project.WarnRead || !strings.HasPrefix(last.Text, "2 of 5 slices could not be read and stay empty: number 3, 5.") || strings.Contains(last.Text, dir) {
		t.Errorf("%+v", last)
	}
}

func TestNothingToLoadIsAnError(t *testing.T) {
	dir := folder(t, series(2)...)
	m := onlySeries(t, scan(t, dir)).Volumes[0]
	for _, s := range m.Slices {
		save(t, s.Path, encode(t, picture(number(99)))) // another instance has taken the file's name
	}
	l, err := Load(context.Background(), m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err == nil || !strings.Contains(err.Error(), "changed since it was scanned") {
		t.Errorf("%v", err)
	}
}

func TestFloatValuesAreRescaledSliceBySlice(t *testing.T) {
	padded := set(dcm.PixelPaddingValue, dcm.SS, 3)
	v := load(t, one(t, picture(number(1), padded), picture(number(2), at(1), padded, set(dcm.RescaleSlope, dcm.DS, 0.5), set(dcm.RescaleIntercept, dcm.DS, 7))))
	if v.Float32[1] != -1023 || v.Float32[12+5] != 9.5 || !math.IsNaN(float64(v.Float32[3])) || !math.IsNaN(float64(v.Float32[15])) {
		t.Errorf("%v", v.Float32)
	}
	if _, ok := v.Value(volume.Index{3, 0, 0}); ok {
		t.Error("padding has no value")
	}
}

func TestFramesOfOneFileAreLoadedApart(t *testing.T) {
	all := imagesOf(t, functional())
	v := load(t, all[1])
	// TE 6 has frames 3 (lower, intercept 3) and 2, slope 2.
	if v.Float32[0] != 36*2+3 || v.Float32[12] != 24*2+2 {
		t.Errorf("%v", v.Float32)
	}
}

func TestColourBecomesRGB(t *testing.T) {
	colour := func(photometric string, pixels ...byte) []edit {
		return []edit{without(dcm.ImagePositionPatient), set(dcm.Rows, dcm.US, 1), set(dcm.Columns, dcm.US, 2), set(dcm.SamplesPerPixel, dcm.US, 3), set(dcm.PlanarConfiguration, dcm.US, 0),
			set(dcm.PhotometricInterpretation, dcm.CS, photometric), set(dcm.BitsAllocated, dcm.US, 8), set(dcm.BitsStored, dcm.US, 8), set(dcm.HighBit, dcm.US, 7),
			set(dcm.PixelRepresentation, dcm.US, 0), set(dcm.PixelData, dcm.OB, pixels), set(dcm.Modality, dcm.CS, "US")}
	}
	for name, c := range map[string]struct {
		edits []edit
		want  []byte
	}{
		"RGB":             {colour("RGB", 1, 2, 3, 4, 5, 6), []byte{1, 2, 3, 4, 5, 6}},
		"grey and red":    {colour("YBR_FULL", 100, 128, 128, 76, 85, 255), []byte{100, 100, 100, 254, 0, 0}},
		"out of range":    {colour("YBR_FULL", 255, 255, 255, 0, 0, 0), []byte{255, 121, 255, 0, 135, 0}},
		"halves the size": {colour("YBR_FULL_422", 50, 60, 128, 128), []byte{50, 50, 50, 60, 60, 60}},
	} {
		v := load(t, one(t, picture(c.edits...)))
		if v.Pixel != volume.RGB8 || !slices.Equal(v.RGB, c.want) {
			t.Errorf("%s: %v, want %v", name, v.RGB, c.want)
		}
	}
}

func TestPaletteColour(t *testing.T) {
	table := func(values ...byte) []any { return []any{values} }
	edits := func(bits int, r, g, b []any) []edit {
		out := []edit{without(dcm.ImagePositionPatient), set(dcm.Modality, dcm.CS, "US"), set(dcm.PhotometricInterpretation, dcm.CS, "PALETTE COLOR"), set(dcm.PixelRepresentation, dcm.US, 0),
			set(dcm.BitsAllocated, dcm.US, 8), set(dcm.BitsStored, dcm.US, 8), set(dcm.HighBit, dcm.US, 7), set(dcm.PixelData, dcm.OB, []byte{0, 9, 10, 11, 12, 255, 0, 0, 0, 0, 0, 0})}
		for n, values := range [][]any{r, g, b} {
			out = append(out, set(dcm.RedPaletteColorLookupTableDescriptor+dcm.Tag(n), dcm.US, 3, 10, bits), set(dcm.RedPaletteColorLookupTableData+dcm.Tag(n), dcm.OW, values...))
		}
		return out
	}
	want := []byte{1, 4, 7, 1, 4, 7, 1, 4, 7, 2, 5, 8, 3, 6, 9, 3, 6, 9}
	for name, e := range map[string][]edit{
		"16-bit entries":         edits(16, table(0, 1, 0, 2, 0, 3), table(0, 4, 0, 5, 0, 6), table(0, 7, 0, 8, 0, 9)),
		"8-bit entries":          edits(8, table(1, 2, 3, 0), table(4, 5, 6, 0), table(7, 8, 9, 0)),
		"8-bit entries in words": edits(8, table(1, 0, 2, 0, 3, 0), table(4, 0, 5, 0, 6, 0), table(7, 0, 8, 0, 9, 0)),
	} {
		v := load(t, one(t, picture(e...)))
		if !slices.Equal(v.RGB[:18], want) {
			t.Errorf("%s: %v, want %v", name, v.RGB[:18], want)
		}
	}
	m := one(t, picture(edits(16, table(0, 1), table(0, 1), table(0, 1))...))
	if err := m.CanLoad(); err == nil || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("a table that is too short: %v", err)
	}
}

func TestModalityTable(t *testing.T) {
	lut := dcm.NewDataSet().Set(dcm.LUTDescriptor, dcm.US, 3, 5, 16).Set(dcm.LUTData, dcm.OW, []byte{100, 0, 200, 0, 0x2c, 1})
	m := one(t, picture(set(dcm.ModalityLUTSequence, dcm.SQ, lut)))
	v := load(t, m)
	if want := []uint16{100, 100, 100, 100, 100, 100, 200, 300, 300, 300, 300, 300}; !slices.Equal(v.Uint16, want) || v.Slope != 1 || v.Intercept != 0 {
		t.Errorf("%v slope %v intercept %v, want %v", v.Uint16, v.Slope, v.Intercept, want)
	}
}

func TestHashSourcesNamesEachFileOnceInSliceOrder(t *testing.T) {
	m := one(t, picture(number(1), at(2)), picture(number(2), at(0)))
	got, err := HashSources(context.Background(), m, nil)
	if err != nil || len(got) != 2 || got[0].UID != "2.25.77.2" || got[1].UID != "2.25.77.1" {
		t.Fatalf("%+v %v", got, err)
	}
	raw, _ := os.ReadFile(m.Slices[0].Path)
	if got[0].SHA256 != project.HashOf(raw) {
		t.Error("the digest is not that of the file")
	}
	calls := 0
	got, err = HashSources(context.Background(), imagesOf(t, functional())[0], func(done, total int) { calls += done + total })
	if err != nil || len(got) != 1 || calls != 2 {
		t.Errorf("a multi-frame file: %+v %v", got, err)
	}
	os.Remove(m.Slices[1].Path)
	if _, err := HashSources(context.Background(), m, nil); err == nil || strings.Contains(err.Error(), filepath.Dir(m.Slices[1].Path)) {
		t.Errorf("a file that went away: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := HashSources(ctx, m, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Whatever a header says, scanning and loading answer without a panic, and memory stays in proportion.
func FuzzInstance(f *testing.F) {
	for _, d := range []*dcm.DataSet{picture(), functional(), picture(set(dcm.ModalityLUTSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.LUTDescriptor, dcm.US, 3, 5, 16).Set(dcm.LUTData, dcm.OW, []byte{1, 0}))),
		picture(set(dcm.PhotometricInterpretation, dcm.CS, "PALETTE COLOR"), set(dcm.RedPaletteColorLookupTableDescriptor, dcm.US, 1, 0, 8)),
		picture(set(dcm.NumberOfFrames, dcm.IS, 3), set(dcm.GridFrameOffsetVector, dcm.DS, 0, 3, 6), set(dcm.PixelData, dcm.OW, ramp(36)))} {
		f.Add(encode(f, d))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := dcm.Read(bytes.NewReader(raw), int64(len(raw)), dcm.Options{HeaderOnly: true})
		if err != nil {
			return
		}
		x, err := readInstance("", int64(len(raw)), file)
		if err != nil {
			return
		}
		if x.frames == nil {
			return
		}
		for _, m := range images([]*instance{x}) {
			if _, err := json.Marshal(reportImage(m)); err != nil {
				t.Fatal(err)
			}
			if len(m.Slices) != m.Geometry.Size[2] {
				t.Fatalf("%d slices in a grid of %v", len(m.Slices), m.Geometry.Size)
			}
			if m.CanLoad() == nil && m.Geometry.Voxels() < 1<<20 {
				decodeAll(t, m, raw)
			}
		}
	})
}

// decodeAll is what Load does, without files and goroutines: those make coverage differ from run to run, which the fuzzer takes for news.
func decodeAll(t *testing.T, m *Image, raw []byte) {
	file, err := dcm.Read(bytes.NewReader(raw), int64(len(raw)), dcm.Options{})
	if err != nil {
		return
	}
	v, err := volume.New(m.Geometry, m.Pixel)
	if err != nil {
		t.Fatal(err)
	}
	for k, f := range m.frames {
		o := &opened{}
		if o.take(file, f.of) == nil {
			decodeSlice(v, k, f, o)
		}
	}
}
