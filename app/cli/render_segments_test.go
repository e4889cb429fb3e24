package cli

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// A DICOM segmentation lies over the images that it was made on, and over no others.
func TestRenderDrawsASegmentation(t *testing.T) {
	data := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(filepath.Join(data, "obj", "seg", "liver.dcm")); err != nil {
		t.Skip("the liver and its segmentation (shared/data) are not beside the repository here")
	}
	liver := filepath.Join(data, "obj", "seg", "liver.dcm")
	out := filepath.Join(t.TempDir(), "out.png")
	render := func(folder string, more ...string) (int, string) {
		var stdout, stderr bytes.Buffer
		args := append([]string{"render", filepath.Join(data, "vol", folder), "--plane", "axial", "--plain", "-o", out}, more...)
		return Run(args, Streams{In: &bytes.Buffer{}, Out: &stdout, Err: &stderr}, nil), stderr.String()
	}
	if status, said := render("ct-head-small", "--segments", liver); status != Failed || !bytes.Contains([]byte(said), []byte("another frame of reference")) {
		t.Errorf("on another patient's images: %d %q", status, said)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused picture was written")
	}
	if status, said := render("ct-liver-3slice", "--segments", liver); status != Done {
		t.Fatalf("on its own images: %d %q", status, said)
	}
	f, err := os.Open(out)
	must(t, err)
	defer f.Close()
	picture, err := png.Decode(f)
	must(t, err)
	coloured := 0
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA); int(c.R) > int(c.B)+20 {
				coloured++
			}
		}
	}
	// The liver covers about a seventh of this slice: a mask that lies elsewhere or is empty does not.
	if coloured < 20_000 || coloured > 60_000 {
		t.Errorf("%d pixels are coloured", coloured)
	}
}
