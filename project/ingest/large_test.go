package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hotlight/project/dcm"
)

// multiFrame writes a file of frames pictures of 512 x 512 words without a place, most of it a hole in the file: only frame n's first word is n+1.
func multiFrame(t testing.TB, path string, frames int) {
	t.Helper()
	const frame = 512 * 512 * 2
	raw := encode(t, picture(without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient), set(dcm.Modality, dcm.CS, "XA"), set(dcm.Rows, dcm.US, 512), set(dcm.Columns, dcm.US, 512),
		set(dcm.NumberOfFrames, dcm.IS, frames), set(dcm.PixelData, dcm.OW, make([]byte, 2))))
	at := bytes.LastIndex(raw, []byte("\xe0\x7f\x10\x00OW")) + 8
	binary.LittleEndian.PutUint32(raw[at:], uint32(frames*frame))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(raw[:at+4]); err != nil {
		t.Fatal(err)
	}
	for n := range frames {
		if _, err := f.WriteAt(binary.LittleEndian.AppendUint16(nil, uint16(n+1)), int64(at+4)+int64(n)*frame); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(int64(at+4) + int64(frames)*frame); err != nil {
		t.Fatal(err)
	}
}

// manyFiles writes a series of small slices in no order.
func manyFiles(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	for k := range n {
		slice := (k * 1009) % n
		save(t, filepath.Join(dir, fmt.Sprint(k%7), fmt.Sprintf("%05d", k)), encode(t, picture(number(slice+1), at(float64(slice)))))
	}
	return dir
}

// boundMB is the memory that a program with one volume of so many bytes may take.
func boundMB(bytes int) int { return bytes*3/2>>20 + 300 }

const aloneVariable = "HOTLIGHT_TEST_LOAD_ALONE"

// alone loads path in a process of its own and returns the most memory that it had resident, in MB. It skips where the system does not tell.
func alone(t *testing.T, path string) int {
	t.Helper()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system does not tell how much memory a process had")
	}
	c := exec.Command(os.Args[0], "-test.run=^TestLoadAlone$", "-test.v")
	c.Env = append(os.Environ(), aloneVariable+"="+path)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, rest, _ := strings.Cut(string(out), "peak ")
	mb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return mb
}

// TestLoadAlone is what alone runs.
func TestLoadAlone(t *testing.T) {
	path := os.Getenv(aloneVariable)
	if path == "" {
		t.Skip("run by other tests")
	}
	for _, series := range scan(t, path).Studies[0].Series {
		for _, m := range series.Volumes {
			v := load(t, m)
			for k := range v.Size[2] {
				if v.Size[0] == 512 && v.Int16[v.Offset(0, 0, k)] != int16(k+1) {
					t.Fatalf("frame %d is %d", k, v.Int16[v.Offset(0, 0, k)])
				}
			}
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, _ := strconv.Atoi(strings.Fields(rest)[0])
	fmt.Printf("peak %d MB\n", kib>>10)
}

func TestAMultiFrameFileLoadsWithinTheBound(t *testing.T) {
	frames := 200 // 100 MB
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		frames = 6000 // 3 GB
	}
	path := filepath.Join(t.TempDir(), "IM1")
	multiFrame(t, path, frames)
	peak, bytes := alone(t, path), frames*512*512*2
	t.Logf("a volume of %d MB, at most %d MB resident", bytes>>20, peak)
	if peak > boundMB(bytes) {
		t.Errorf("a volume of %d MB took %d MB", bytes>>20, peak)
	}
}

func TestThousandsOfFilesWithinTheBound(t *testing.T) {
	files := 800
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		files = 3000
	}
	peak := alone(t, manyFiles(t, files))
	t.Logf("%d files, at most %d MB resident", files, peak)
	if peak > boundMB(files*24) {
		t.Errorf("%d small files took %d MB", files, peak)
	}
}

// The bar begins at the first file, names the right total from then on, goes by ones and ends at the end, copies or not.
func TestProgressOfAScanIsRight(t *testing.T) {
	dir := manyFiles(t, 600)
	for n := range 150 { // copies, which are compared byte by byte
		raw, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(n%7), fmt.Sprintf("%05d", n)))
		if err != nil {
			t.Fatal(err)
		}
		save(t, filepath.Join(dir, "copies", fmt.Sprint(n)), raw)
	}
	save(t, filepath.Join(dir, "notes.txt"), []byte("not an image"))
	last := 0
	r, err := Scan(context.Background(), []string{dir}, ScanOptions{Workers: 8, Progress: func(done, total int) {
		if done != last+1 || total != 751 {
			t.Fatalf("%d of %d after %d", done, total, last)
		}
		last = done
	}})
	if err != nil || last != 751 || len(r.Skipped) != 151 || onlySeries(t, r).Instances != 600 {
		t.Errorf("%v, %d files, %d skipped", err, last, len(r.Skipped))
	}
}

func TestACancelledScanStops(t *testing.T) {
	dir := manyFiles(t, 300)
	ctx, cancel := context.WithCancel(context.Background())
	last := 0
	_, err := Scan(ctx, []string{dir}, ScanOptions{Workers: 1, Progress: func(done, _ int) {
		if last = done; done == 7 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || last != 7 {
		t.Errorf("%v after %d files", err, last)
	}
}
