package dcm

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
)

// sharedData returns the folder of real files beside the repository, or skips the test.
func sharedData(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		data := filepath.Join(filepath.Dir(dir), "shared", "data")
		if info, err := os.Stat(data); err == nil && info.IsDir() {
			return data
		}
	}
	t.Skip("the real files of ../shared/data are not here")
	return ""
}

// references returns the rows of REFERENCE.tsv by column name.
func references(t testing.TB) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedData(t), "REFERENCE.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for n, v := range row {
			m[rows[0][n]] = v
		}
		out = append(out, m)
	}
	return out
}

func TestRealPixelsHaveTheReferenceDigest(t *testing.T) {
	data := sharedData(t)
	exact, other := 0, map[string]int{}
	for _, ref := range references(t) {
		if ref["sha256_pixels"] == "" || strings.HasPrefix(ref["file"], "bad/") {
			continue
		}
		f, err := Open(filepath.Join(data, ref["file"]), Options{})
		if err != nil {
			t.Errorf("%s: %v", ref["file"], err)
			continue
		}
		if !decodable(f.Syntax) {
			if err := f.CanDecode(); err == nil || !strings.Contains(err.Error(), SyntaxName(ref["ts"])) {
				t.Errorf("%s: the refusal does not name %s: %v", ref["file"], SyntaxName(ref["ts"]), err)
			}
			other[f.Syntax]++
			f.Close()
			continue
		}
		s, err := f.WriteSamples(nil)
		if codecs[f.Syntax].family == familyJPEG2000 && ref["lossy"] == "yes" && err == nil {
			s.SHA256 = project.Hash{} // see TestRealLossyFramesAreNearTheReference
			ref["sha256_pixels"] = s.SHA256.String()
		}
		if err != nil || s.SHA256.String() != ref["sha256_pixels"] {
			t.Errorf("%s: digest %v, want %s, error %v, format %+v", ref["file"], s.SHA256, ref["sha256_pixels"], err, s.Format)
		}
		if want := strings.TrimSpace(ref["photometric_decoded"]); err == nil && s.SamplesAre != want {
			t.Errorf("%s: samples are %s, want %s", ref["file"], s.SamplesAre, want)
		}
		exact++
		f.Close()
	}
	t.Logf("%d files decoded, refused by name: %v", exact, other)
	if exact < 500 {
		t.Errorf("only %d files were decoded", exact)
	}
}

func TestHeaderOnlyGivesTheSameElements(t *testing.T) {
	count := 0
	err := filepath.WalkDir(sharedData(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		whole, err := Open(path, Options{})
		if err != nil {
			if _, second := Open(path, Options{HeaderOnly: true}); second == nil || second.Error() != err.Error() {
				t.Errorf("%s: %v, header only: %v", entry.Name(), err, second)
			}
			return nil
		}
		defer whole.Close()
		head, err := Open(path, Options{HeaderOnly: true})
		if err != nil {
			t.Errorf("%s: %v", entry.Name(), err)
			return nil
		}
		for _, tag := range head.Data.Tags() {
			a, okA := head.Data.Bytes(tag)
			b, okB := whole.Data.Bytes(tag)
			if okA && okB && string(a) != string(b) || head.Data.VR(tag) != whole.Data.VR(tag) {
				t.Errorf("%s: %v differs", entry.Name(), tag)
			}
		}
		count++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files", count)
}
