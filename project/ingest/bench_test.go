package ingest

import (
	"context"
	"os"
	"testing"

	"hotlight/project/dcm"
)

// benchSeries is a folder of slices: HOTLIGHT_BENCH_SERIES, or 100 computed slices of 512 x 512.
func benchSeries(b *testing.B) string {
	if dir := os.Getenv("HOTLIGHT_BENCH_SERIES"); dir != "" {
		return dir
	}
	pixels := set(dcm.PixelData, dcm.OW, ramp(512*512))
	var all []*dcm.DataSet
	for k := range 100 {
		all = append(all, picture(number(k+1), at(float64(k)), set(dcm.Rows, dcm.US, 512), set(dcm.Columns, dcm.US, 512), pixels))
	}
	return folder(b, all...)
}

func BenchmarkScan(b *testing.B) {
	dir := benchSeries(b)
	for b.Loop() {
		scan(b, dir)
	}
}

func BenchmarkLoad(b *testing.B) {
	m := onlySeries(b, scan(b, benchSeries(b))).Volumes[0]
	b.SetBytes(int64(m.Geometry.Voxels() * m.Pixel.Bytes()))
	b.ReportAllocs()
	for b.Loop() {
		load(b, m)
	}
}

// BenchmarkFirstImage is what a reader waits for after choosing a folder: scan, open, decode the middle slice.
func BenchmarkFirstImage(b *testing.B) {
	dir := benchSeries(b)
	for b.Loop() {
		m := onlySeries(b, scan(b, dir)).Volumes[0]
		ctx, cancel := context.WithCancel(context.Background())
		first := make(chan struct{}, 1)
		l, err := Load(ctx, m, LoadOptions{First: len(m.Slices) / 2, Arrived: func(int, int, int) {
			select {
			case first <- struct{}{}:
			default:
			}
		}})
		if err != nil {
			b.Fatal(err)
		}
		<-first
		cancel()
		l.Wait()
	}
}

// BenchmarkOpenSeries is a folder to a complete volume, what other programs' readers do in one call.
func BenchmarkOpenSeries(b *testing.B) {
	dir := benchSeries(b)
	for b.Loop() {
		load(b, onlySeries(b, scan(b, dir)).Volumes[0])
	}
}
