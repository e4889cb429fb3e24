package report

import (
	"context"
	"os"
	"testing"
	"time"
)

func TestPilotQuick(t *testing.T) {
	start := time.Now()
	p := makePilot(t, os.Getenv("PILOT_IMAGES") != "")
	t.Log("made", time.Since(start))
	in, err := Load(context.Background(), p.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("loaded", time.Since(start))
	r, err := Build(context.Background(), in, Options{Program: "Hotlight test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("built", time.Since(start), len(r.Numbers))
	if out := os.Getenv("PILOT_OUT"); out != "" {
		if _, err := r.Write(out, Formats); err != nil {
			t.Fatal(err)
		}
	}
}
