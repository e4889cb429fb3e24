package dcm

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ourReason says why ours is right where it is not the reference's.
var ourReason = map[string]string{
	"bad/JPEGLossless_bad.dcm": "the reference shows noise: the encoder predicted with signed numbers, against the standard; ours undoes that, with a warning",
}

// TestTableOfPixels goes over every row of REFERENCE.tsv, bad/ too: ours is the reference, near it where the syntax has loss, refused with a reason under bad/, or
// explained above. HOTLIGHT_TABLE=FILE writes the rows: file, transfer syntax, ours, reference, verdict, reason.
func TestTableOfPixels(t *testing.T) {
	to := os.Getenv("HOTLIGHT_TABLE")
	if to == "" {
		t.Skip("HOTLIGHT_TABLE=FILE writes the table; without it TestRealPixelsHaveTheReferenceDigest does the checking")
	}
	data := sharedData(t)
	var out strings.Builder
	out.WriteString("file\tsyntax\tours\treference\tverdict\treason\n")
	count := map[string]int{}
	for _, ref := range references(t) {
		ours, verdict, reason := judgePixels(t, data, ref)
		want := ref["sha256_pixels"]
		if want == "" {
			want = "-"
		}
		fmt.Fprintf(&out, "%s\t%s\t%s\t%s\t%s\t%s\n", ref["file"], ref["ts"], ours, want, verdict, reason)
		count[verdict]++
		if verdict == "DIFFERS" || verdict == "REFUSED" && !strings.HasPrefix(ref["file"], "bad/") && want != "-" {
			t.Errorf("%s: %s: %s", ref["file"], verdict, reason)
		}
	}
	if err := os.WriteFile(to, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", count)
}

// judgePixels decodes one file and compares.
func judgePixels(t *testing.T, data string, ref map[string]string) (ours, verdict, reason string) {
	f, err := Open(filepath.Join(data, ref["file"]), Options{})
	if err != nil {
		return "-", "REFUSED", err.Error()
	}
	defer f.Close()
	var pixels bytes.Buffer
	s, err := f.WriteSamples(&pixels)
	if err != nil {
		return "-", "REFUSED", err.Error()
	}
	ours = s.SHA256.String()
	switch near, known := nearReference(t, data, ref, pixels.Bytes(), s.Format); {
	case ours == ref["sha256_pixels"]:
		return ours, "equal", "-"
	case ref["sha256_pixels"] == "":
		return ours, "read", "the reference decoders did not try: " + ref["errors"]
	case ourReason[ref["file"]] != "":
		return ours, "better", ourReason[ref["file"]]
	case known && near <= 2 || known && near <= 4 && s.Format.BitsStored >= 12:
		return ours, "near", fmt.Sprintf("coded with loss; the largest difference is %d", near)
	case known:
		return ours, "DIFFERS", fmt.Sprintf("the largest difference is %d", near)
	}
	return ours, "DIFFERS", "-"
}

// nearReference returns the largest difference of the first frame from that of ref/, if it is there.
func nearReference(t *testing.T, data string, ref map[string]string, pixels []byte, p PixelFormat) (worst int, known bool) {
	packed, err := os.Open(filepath.Join(data, "ref", fmt.Sprintf("%s.frame1.%sx%sx%s.%s.raw.gz", strings.ReplaceAll(ref["file"], "/", "__"), ref["rows"], ref["cols"],
		ref["spp"], strings.TrimPrefix(ref["dtype"], "<"))))
	if err != nil {
		return 0, false
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(unpacked)
	if err != nil || len(want) > len(pixels) {
		t.Fatalf("%s: %d bytes, %v", ref["file"], len(want), err)
	}
	return largestDifference(pixels[:len(want)], want, p), true
}
