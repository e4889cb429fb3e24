package dcm

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
)

// TestDamagedFiles holds what is said of every file of bad/ against testdata/bad.tsv, word for word: a person has to act on it. A line is the file, the kind of
// the error (read: there is none), the error, and the warnings. HOTLIGHT_UPDATE=1 writes the table; read it again then.
func TestDamagedFiles(t *testing.T) {
	const table = "testdata/bad.tsv"
	dir := filepath.Join(sharedData(t), "bad")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, file := range files {
		b, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		line := damage(t, b)
		if strings.Count(line, "\n")+strings.Count(line, "\r") > 0 {
			t.Errorf("%s: not one line: %q", file.Name(), line)
		}
		fmt.Fprintf(&got, "%s\t%s\n", file.Name(), line)
	}
	if os.Getenv("HOTLIGHT_UPDATE") == "1" {
		if err := os.WriteFile(table, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(b), "\n")
	for n, line := range strings.Split(got.String(), "\n") {
		if n >= len(want) || line != want[n] {
			t.Errorf("got  %s\nwant %s", line, want[min(n, len(want)-1)])
		}
	}
}

// damage is the kind, the reason and the warnings of a file.
func damage(t *testing.T, b []byte) string {
	exercise(t, b)
	f, err := readBytes(t, b, Options{})
	var warnings []string
	if err == nil {
		for _, w := range f.Warnings {
			warnings = append(warnings, w.Text)
		}
		_, err = f.WriteSamples(nil)
	}
	kind, reason := "read", "-"
	if err != nil {
		kind, reason = project.KindOf(err).String(), err.Error()
	}
	return kind + "\t" + reason + "\t" + strings.Join(warnings, " | ")
}
