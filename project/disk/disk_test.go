package disk

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hotlight/project"
)

func TestTheRoomIsThatOfTheNearestFolder(t *testing.T) {
	dir := t.TempDir()
	here, err := At(dir)
	if err != nil {
		t.Fatal(err)
	}
	if here.Total <= 0 {
		t.Skip("this file system does not say how much room it has")
	}
	if here.Free < 0 || here.Free > here.Total {
		t.Errorf("%+v", here)
	}
	below, err := At(filepath.Join(dir, "not", "there", "yet.nii"))
	if err != nil || below.Total != here.Total {
		t.Errorf("below: %+v, %v; want the room of %+v", below, err, here)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if of, err := At(file); err != nil || of.Total != here.Total {
		t.Errorf("of a file: %+v, %v", of, err)
	}
	if err := Need(filepath.Join(dir, "x"), 1); err != nil && here.Free > 1<<20 {
		t.Errorf("a byte does not fit: %v", err)
	}
	err = Need(filepath.Join(dir, "Doe^Jane", "x"), math.MaxInt64)
	if project.KindOf(err) != project.Full || strings.Contains(err.Error(), "Doe") || !strings.Contains(err.Error(), "TB needed") {
		t.Errorf("more than any disk: %v", err)
	}
}

func TestLow(t *testing.T) {
	const gib = 1 << 30
	for _, c := range []struct {
		name string
		r    Room
		want bool
	}{
		{"a file system that does not say", Room{}, false},
		{"half of a stick", Room{4 * gib, 8 * gib}, false},
		{"the last MiB of 1 GiB on a stick", Room{gib - 1, 8 * gib}, true},
		{"exactly 1 GiB on a stick", Room{gib, 8 * gib}, false},
		{"4 % of 60 GiB", Room{24 * gib / 10, 60 * gib}, true},
		{"6 % of 60 GiB", Room{36 * gib / 10, 60 * gib}, false},
		{"1 % of 10 TiB", Room{102 * gib, 10240 * gib}, false},
		{"4 GiB of 10 TiB", Room{4 * gib, 10240 * gib}, true},
		{"nothing at all", Room{0, 10 * gib}, true},
	} {
		if got := c.r.Low(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{-5: "0 bytes", 0: "0 bytes", 999: "999 bytes", 1000: "1.0 KB", 9949: "9.9 KB", 9999: "10 KB", 640_000: "640 KB", 999_499: "999 KB", 999_500: "1.0 MB",
		1_340_000_000: "1.3 GB", 999_499_999_999: "999 GB", 2_500_000_000_000: "2.5 TB"} {
		if got := Size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	if Explain(nil) != nil {
		t.Error("nothing went wrong")
	}
	other := errors.New("the cable came off")
	if Explain(other) != other {
		t.Error("another error was changed")
	}
	if !IsFull(syscall.ENOSPC) {
		t.Skip("this system has other errors for a full disk")
	}
	err := Explain(fmt.Errorf("write the output: %w", syscall.ENOSPC))
	if project.KindOf(err) != project.Full || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("%v", err)
	}
	if again := Explain(err); again != err {
		t.Errorf("explained twice: %v", again)
	}
}
