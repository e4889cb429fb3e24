package flow

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/disk"
	"hotlight/project/disk/disktest"
	"hotlight/project/keys/keystest"
)

// leave fills the file system of dir until only free bytes are left, and returns what makes room again.
func leave(t *testing.T, dir string, free int64) (undo func()) {
	t.Helper()
	room, err := disk.At(dir)
	must(t, err)
	ballast := filepath.Join(dir, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, max(0, room.Free-free)), 0o600))
	return func() { os.Remove(ballast) }
}

// On a disk that is nearly full an import is refused before a file is read, and a signed read that cannot be sealed stays signed and is sealed when there is room.
func TestANearlyFullDiskIsSaidAndLosesNothing(t *testing.T) {
	dir, ok := disktest.On(t, 96)
	if !ok {
		return
	}
	t.Setenv("TMPDIR", dir)
	c, ctx := newCast(t), context.Background()
	d := NewDesk(c.anns)
	laid, err := d.Open(ctx, c.item, nil)
	must(t, err)
	_, err = laid.Read.History().Do(brush("liver", 0, 0, 0, 40))
	must(t, err)
	rec, err := laid.Read.Record(ctx, project.Authorship, nil)
	must(t, err)
	undo := leave(t, dir, 1900<<10)
	if text := laid.Room(); text != d.Room() || !strings.Contains(text, "nearly full: 1.9 MB left.") {
		t.Errorf("the window is told %q", text)
	}
	read := 0
	_, err = c.anns.AddImages(ctx, []string{c.images}, func(done, total int) {
		if done > total/2 { // the second half is reading whole files
			read++
		}
	})
	wantKind(t, "an import without room", err, project.Full)
	if err == nil || !strings.Contains(err.Error(), "2.1 MB needed, 1.9 MB free; nothing was written") || read > 0 {
		t.Errorf("%v after reading %d files", err, read)
	}
	_, err = laid.Read.Sign(ctx, rec, []byte(keystest.Passphrase))
	if err == nil || !strings.Contains(err.Error(), "signed, but not sealed yet: there is too little room") {
		t.Errorf("sealing without room: %v", err)
	}
	if laid.Read.State() != project.Signed || c.anns.Store.Fenced() != nil || d.Exchange().Waiting != 0 {
		t.Errorf("the read is %s, fenced %v, %d wait", laid.Read.State(), c.anns.Store.Fenced(), d.Exchange().Waiting)
	}
	must(t, laid.Close())
	undo()
	stick := filepath.Join(c.base, "stick")
	must(t, os.Mkdir(stick, 0o700))
	_, err = d.SyncFolder(ctx, stick, nil)
	must(t, err)
	if sent, err := os.ReadDir(stick); err != nil || len(sent) == 0 {
		t.Errorf("nothing was sent: %v", err)
	}
	problems, err := c.anns.Store.Check(ctx)
	if err != nil || len(problems) != 0 {
		t.Errorf("check: %v, %v", err, problems)
	}
}
