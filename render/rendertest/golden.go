package rendertest

import (
	"bytes"
	"embed"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

//go:embed testdata/golden
var golden embed.FS

// compare fails t unless got equals the golden picture of that name: no channel further off than tolerance, and no more than aside pixels further
// off than that.
func compare(t *testing.T, name string, got *image.RGBA, tolerance, aside int) {
	t.Helper()
	file := "testdata/golden/" + name + ".png"
	if os.Getenv("HOTLIGHT_UPDATE_GOLDEN") != "" {
		update(t, file, got)
		return
	}
	data, err := golden.ReadFile(file)
	if err != nil {
		t.Fatalf("%s has no golden picture; HOTLIGHT_UPDATE_GOLDEN=1 writes it", name)
	}
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewRGBA(decoded.Bounds())
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			want.Set(x, y, decoded.At(x, y))
		}
	}
	if got.Rect != want.Rect {
		t.Fatalf("%s is %v, golden %v", name, got.Rect.Size(), want.Rect.Size())
	}
	diff, wrong, worst := difference(got, want, tolerance)
	if wrong > aside {
		t.Errorf("%s: %d pixels differ by more than %d, worst %d; see %s", name, wrong, tolerance, worst, keep(t, name, got, want, diff))
	}
}

// difference marks the pixels that differ, by how much, times 16.
func difference(got, want *image.RGBA, tolerance int) (diff *image.RGBA, wrong, worst int) {
	diff = image.NewRGBA(got.Rect)
	for at := 0; at < len(got.Pix); at += 4 {
		most := 0
		for c := range 4 {
			d := int(got.Pix[at+c]) - int(want.Pix[at+c])
			most = max(most, d, -d)
			diff.Pix[at+c] = uint8(min(255, 16*max(d, -d)))
		}
		diff.Pix[at+3] = 255
		if most > tolerance {
			wrong++
		}
		worst = max(worst, most)
	}
	return diff, wrong, worst
}

// keep writes the three pictures beside each other and returns their folder.
func keep(t *testing.T, name string, got, want, diff *image.RGBA) string {
	dir, err := os.MkdirTemp("", "rendertest-"+name+"-")
	if err != nil {
		t.Fatal(err)
	}
	for part, m := range map[string]*image.RGBA{"got": got, "want": want, "diff": diff} {
		writePNG(t, filepath.Join(dir, part+".png"), m)
	}
	return dir
}

func update(t *testing.T, file string, got *image.RGBA) {
	_, here, _, _ := runtime.Caller(0)
	writePNG(t, filepath.Join(filepath.Dir(here), file), got)
	t.Logf("wrote %s", file)
}

func writePNG(t *testing.T, file string, m *image.RGBA) {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
