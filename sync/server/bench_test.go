package server_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"hotlight/sync/client"
	"hotlight/sync/server"
	"hotlight/sync/synctest"
)

// BenchmarkIngest pushes reads of some 130 KiB each, as a reader's workstation does: upload, commit, verified receipt. One operation is one bundle.
func BenchmarkIngest(b *testing.B) {
	w := synctest.New(b)
	w.Options = server.Options{PerSecond: -1}
	w.Restart()
	rng := rand.New(rand.NewPCG(1, 1))
	mask := make([]byte, 100_000)
	for i := range mask {
		mask[i] = byte(rng.Uint32())
	}
	c, err := client.NewHTTP(w.Config(w.Ann))
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var out synctest.Outbox
	for i := range b.N {
		out.AddRead(b, w.Project, w.Ann, i, mask)
	}
	b.SetBytes(int64(len(mask)))
	b.ResetTimer()
	if report, err := c.Push(context.Background(), &out); err != nil || report.Sent != b.N {
		b.Fatal(report, err)
	}
}
