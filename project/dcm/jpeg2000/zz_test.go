package jpeg2000_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000"
)

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(0, &r)
	return time.Duration(r.Utime.Nano())
}

func TestZZ(t *testing.T) {
	for _, n := range []string{"ct", "cr", "us", "i693", "tosh", "ht", "big16", "big16i"} {
		b, _ := os.ReadFile(filepath.Join("/tmp/j2kt", n+".j2k"))
		best := time.Hour
		h, _ := jpeg2000.ReadHeader(b)
		for range 3 {
			c := h.Components[0]
			s := jpeg2000.Shape{c.Height, c.Width, len(h.Components), (c.Precision + 7) / 8}
			dst := make([]byte, s.Rows*s.Columns*s.Components*s.Bytes)
			start := cpu()
			if _, err := jpeg2000.DecodeFrame(dst, b, s, jpeg2000.Options{}); err != nil {
				t.Fatal(err)
			}
			best = min(best, cpu()-start)
		}
		t.Log(n, best)
	}
}
