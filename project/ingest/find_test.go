package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"hotlight/project"
)

func TestFindByContent(t *testing.T) {
	all := series(6)
	var wanted []Wanted
	raw := map[int][]byte{}
	for n, d := range all {
		raw[n] = encode(t, d)
		wanted = append(wanted, Wanted{Instance: project.InstanceUID(fmt.Sprintf("2.25.77.%d", n+1)), SHA256: project.HashOf(raw[n]), Size: int64(len(raw[n]))})
	}
	dir := t.TempDir()
	near := save(t, filepath.Join(dir, "b", "renamed"), raw[0])
	save(t, filepath.Join(dir, "a", "deep", "down", "the same again"), raw[0])
	deep := save(t, filepath.Join(dir, "a", "deep", "1"), raw[1])
	changed := append([]byte(nil), raw[2]...)
	changed[len(changed)-1] ^= 1
	save(t, filepath.Join(dir, "a", "2"), changed)                      // same size and UID, other bytes
	save(t, filepath.Join(dir, "a", "3"), append(raw[3], 0, 0))         // another size
	save(t, filepath.Join(dir, "a", "4"), make([]byte, len(raw[4])))    // the right size, no DICOM
	single := save(t, filepath.Join(t.TempDir(), "elsewhere"), raw[5])  // named as a file
	if err := os.Symlink(dir, filepath.Join(dir, "loop")); err != nil { // links are not followed
		t.Log(err)
	}
	var told []string
	got, err := Find(context.Background(), []string{filepath.Join(dir, "gone"), dir, single}, wanted, FindOptions{Progress: func(found, of int) { told = append(told, fmt.Sprint(found, "/", of)) }})
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]string{0: near, 1: deep, 5: single}
	if len(got) != len(want) || fmt.Sprint(told) != "[1/6 2/6 3/6]" {
		t.Errorf("found %v, told %v", got, told)
	}
	for n, path := range want {
		if f := got[wanted[n].SHA256]; f.Path != path || f.Size != wanted[n].Size || f.Modified == 0 {
			t.Errorf("%d: %+v, want %s", n, f, path)
		}
	}
	// Sizes that are not known do not keep a file from being found, and a bound ends the search.
	for n := range wanted {
		wanted[n].Size = 0
	}
	if got, _ := Find(context.Background(), []string{dir}, wanted, FindOptions{}); len(got) != 2 {
		t.Errorf("without sizes: %v", got)
	}
	if got, _ := Find(context.Background(), []string{dir}, wanted, FindOptions{MostFiles: 5}); len(got) != 1 {
		t.Errorf("a bounded search found %d", len(got))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(ctx, []string{dir}, wanted, FindOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
