package flow

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/keys/keystest"
	"hotlight/project/phantom"
	"hotlight/project/store"
	"hotlight/sync/client"
)

func TestEveryFrameOfAFileHasTheFilesDigest(t *testing.T) {
	image := &ingest.Image{Slices: []ingest.Slice{{Path: "b", Frame: 1}, {Path: "a"}, {Path: "b", Frame: 0}}}
	got := storeImage(&ingest.Series{}, 0, image, map[string]seenFile{"b": {sum: project.Hash{0xb}}, "a": {sum: project.Hash{0xa}}})
	for n, want := range []byte{0xb, 0xa, 0xb} {
		if got.Instances[n].SHA256[0] != want {
			t.Errorf("slice %d has digest %x, wanted %x", n, got.Instances[n].SHA256[0], want)
		}
	}
}

func TestAnItemWhoseReadIsMissingGetsOne(t *testing.T) {
	c := newCast(t)
	found, err := ingest.Scan(context.Background(), []string{c.images}, ingest.ScanOptions{})
	must(t, err)
	bobs, err := NewProject(filepath.Join(c.base, "bob"), strings.NewReader(string(c.signedDefiniton)), c.bob.Holder, "")
	must(t, err)
	defer bobs.Close()
	seen, err := readSources(context.Background(), found, nil)
	must(t, err)
	item := bobs.describe(found.Studies[0], seen)
	must(t, bobs.Store.AddItem(item)) // and here the program was killed
	_, err = bobs.OpenRead(context.Background(), item.ID)
	wantKind(t, "before", err, project.NotFound)
	for range 2 {
		added, err := bobs.AddImages(context.Background(), []string{c.images}, nil)
		must(t, err)
		if added.New != 0 {
			t.Errorf("%d items are new", added.New)
		}
	}
	reads, err := bobs.Store.Reads()
	must(t, err)
	if len(reads) != 1 || reads[0].Seat.Reader != c.bob.ReaderID() {
		t.Errorf("the reads are %+v, wanted one", reads)
	}
}

func TestTheCopyOfTheDefinitionComesBack(t *testing.T) {
	c := newCast(t)
	must(t, c.anns.Close())
	copied := filepath.Join(c.base, "ann", DefinitionFile)
	for _, damage := range []func() error{
		func() error { return os.Remove(copied) },
		func() error { return os.WriteFile(copied, []byte("{"), 0o600) },
	} {
		must(t, damage())
		p, err := OpenProject(filepath.Join(c.base, "ann"), c.ann.Holder)
		must(t, err)
		must(t, p.Close())
		if got, err := os.ReadFile(copied); err != nil || string(got) != string(c.signedDefiniton) {
			t.Errorf("the copy is %q, %v", got, err)
		}
	}
}

// signed lets ann paint and sign.
func (c *cast) signed(t *testing.T) store.Read {
	t.Helper()
	ctx := context.Background()
	r, err := c.anns.OpenRead(ctx, c.item)
	must(t, err)
	defer r.Close()
	_, err = r.History.Do(brush("liver", 0, 0, 0, 40))
	must(t, err)
	rec, err := r.Prepare(ctx, project.Authorship, nil)
	must(t, err)
	must(t, r.Sign(rec, []byte(keystest.Passphrase)))
	read, err := c.anns.Store.Read(r.ID())
	must(t, err)
	return read
}

func TestSyncFinishesWhatAnEarlierRunLeftHalfDone(t *testing.T) {
	c := newCast(t)
	read := c.signed(t)
	medium := filepath.Join(c.base, "medium")
	must(t, os.Mkdir(medium, 0o700))
	// Signed, and the program was killed before it sealed: nobody else would ever have seen the read.
	report, err := c.anns.Sync(context.Background(), Way{Folder: medium})
	must(t, err)
	if report.Waiting != 1 {
		t.Fatalf("%d bundles wait, wanted the signed read", report.Waiting)
	}
	queued, err := c.anns.Store.Outbox()
	must(t, err)
	// The receipt was kept, and the program was killed before the read was moved on.
	must(t, c.anns.Store.Delivered(queued[0].Hash, []byte("receipt")))
	_, err = c.anns.Sync(context.Background(), Way{Folder: medium})
	must(t, err)
	read, err = c.anns.Store.Read(read.ID)
	must(t, err)
	if read.State != project.Committed {
		t.Errorf("with its receipt here the read is %s", read.State)
	}
	if queued, err = c.anns.Store.Outbox(); err != nil || len(queued) != 1 {
		t.Errorf("%d bundles were queued, %v", len(queued), err)
	}
}

func TestALeadSeesOneReadForEachReader(t *testing.T) {
	c := newCast(t)
	c.signed(t)
	out, err := c.anns.SealRead(context.Background(), c.item)
	must(t, err)
	data, err := c.anns.Store.Bundle(out.Hash)
	must(t, err)
	_, err = c.leads.AddImages(context.Background(), []string{c.images}, nil)
	must(t, err)
	must(t, c.leads.Assign(c.item, c.ann.ReaderID()))
	must(t, c.leads.Assign(c.item, c.bob.ReaderID()))
	for _, p := range []*Project{c.leads, c.anns} {
		_, err = p.Import(context.Background(), strings.NewReader(string(data)), int64(len(data)))
		must(t, err)
	}
	status, err := c.leads.Status()
	must(t, err)
	states := map[project.ReaderID]project.ReadState{}
	for _, r := range status.Items[0].Reads {
		states[r.Reader] = r.State
	}
	if len(status.Items[0].Reads) != 2 || states[c.ann.ReaderID()] != project.Committed || states[c.bob.ReaderID()] != project.Assigned {
		t.Errorf("the lead sees %+v", status.Items[0].Reads)
	}
	if status, err = c.anns.Status(); err != nil || len(status.Items[0].Reads) != 1 || status.Items[0].Reads[0].State != project.Signed {
		t.Errorf("the author, who opened their own bundle, sees %+v, %v", status.Items, err)
	}
}

func TestAnArrivalThatCannotBeReadSaysSo(t *testing.T) {
	c := newCast(t)
	_, err := c.leads.Import(context.Background(), strings.NewReader("short"), 100)
	if err == nil || !strings.Contains(err.Error(), "read") {
		t.Errorf("got %v", err)
	}
}

// Painting goes on while somebody waits for the disk and while a signature is prepared and given: what is signed is what is kept, or nothing.
func TestPaintingWhileSigningNeverSignsSomethingElse(t *testing.T) {
	c := newCast(t)
	ctx := context.Background()
	r, err := c.anns.OpenRead(ctx, c.item)
	must(t, err)
	_, err = r.History.Do(brush("liver", 0, 0, 0, 30))
	must(t, err)
	stop := make(chan struct{})
	var painting sync.WaitGroup
	painting.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond): // a hand is slower still
			}
			_, err := r.History.Do(brush("liver", float64(n%200-100), 0, 0, 20))
			if err != nil && !errors.Is(err, errSigning) && !errors.Is(err, project.ErrSigned) {
				t.Errorf("change %d: %v", n, err)
				return
			}
		}
	})
	for range 20 {
		must(t, r.WaitSaved(ctx))
	}
	for range 5 {
		rec, err := r.Prepare(ctx, project.Authorship, nil)
		if errors.Is(err, project.ErrSigned) {
			break
		}
		must(t, err)
		if err := r.Sign(rec, []byte(keystest.Passphrase)); err != nil {
			wantKind(t, "a record that was painted over", err, project.Conflict)
		}
	}
	close(stop)
	painting.Wait()
	if !r.State().Frozen() {
		rec, err := r.Prepare(ctx, project.Authorship, nil)
		must(t, err)
		wantKind(t, "a wrong passphrase", r.Sign(rec, []byte("another passphrase")), project.KindOf(c.wrongPassphrase()))
		_, err = r.History.Do(brush("liver", 0, 0, 0, 30)) // what failed to be signed can be changed
		must(t, err)
		rec, err = r.Prepare(ctx, project.Authorship, nil)
		must(t, err)
		must(t, r.Sign(rec, []byte(keystest.Passphrase)))
	}
	must(t, r.Close())
	_, err = c.anns.SealRead(ctx, c.item) // compares every mask with what was signed
	must(t, err)
}

func (c *cast) wrongPassphrase() error { return c.ann.Holder.Confirm([]byte("another passphrase")) }

func TestAReadThatWasReceivedOutlivesItsReadersKey(t *testing.T) {
	c := newCast(t)
	c.signed(t)
	out, err := c.anns.SealRead(context.Background(), c.item)
	must(t, err)
	data, err := c.anns.Store.Bundle(out.Hash)
	must(t, err)
	take := func() error {
		_, err := c.leads.Import(context.Background(), strings.NewReader(string(data)), int64(len(data)))
		return err
	}
	must(t, take())
	must(t, c.leads.ChangeRoster(func(all []project.Reader) ([]project.Reader, error) {
		for n := range all {
			all[n].Revoked = all[n].Revoked || all[n].ID == c.ann.ReaderID()
		}
		return all, nil
	}))
	reads, err := c.leads.Received(context.Background(), c.item)
	if err != nil || len(reads) != 1 || len(reads[0].Segments) != 1 {
		t.Errorf("after the reader's key was revoked: %d reads, %v", len(reads), err)
	}
	must(t, take()) // what is kept already stays kept
}

// A lead who took a reader's bundles from a drive meets them again in the server's feed, the older ones after the newer.
func TestABundleThatIsHereAlreadyMovesOnlyThePosition(t *testing.T) {
	c := newCast(t)
	ctx := context.Background()
	second := filepath.Join(c.base, "second")
	v, _, err := phantom.Compute(ctx, phantom.Options{Size: [3]int{40, 40, 10}, SpacingMM: [3]float64{9, 9, 12}, Seed: 2}, nil)
	must(t, err)
	must(t, phantom.WriteDICOM(ctx, second, v, phantom.StudyOptions{Seed: 2}))
	var sealed [][]byte
	for _, dir := range []string{c.images, second} {
		added, err := c.anns.AddImages(ctx, []string{dir}, nil)
		must(t, err)
		c.item = added.Items[0]
		c.signed(t)
		out, err := c.anns.SealRead(ctx, c.item)
		must(t, err)
		data, err := c.anns.Store.Bundle(out.Hash)
		must(t, err)
		sealed = append(sealed, data)
	}
	for _, data := range sealed {
		_, err := c.leads.Import(ctx, bytes.NewReader(data), int64(len(data)))
		must(t, err)
	}
	for n, data := range sealed {
		must(t, inbox{c.leads}.Accept(ctx, client.Arrival{Address: project.HashOf(data), Size: int64(len(data)), Data: bytes.NewReader(data),
			Cursor: "feed", Value: []byte{byte('1' + n)}}))
	}
	if at, err := c.leads.Store.Cursor("feed"); err != nil || string(at) != "2" {
		t.Errorf("the position is %q, %v", at, err)
	}
	if received, err := c.leads.Store.Received(); err != nil || len(received) != 2 {
		t.Errorf("%d bundles are kept, %v", len(received), err)
	}
}

func TestAStudyWithNothingToMarkIsSigned(t *testing.T) {
	c := newCast(t)
	ctx := context.Background()
	r, err := c.anns.OpenRead(ctx, c.item)
	must(t, err)
	defer r.Close()
	rec, err := r.Prepare(ctx, project.Authorship, nil)
	must(t, err)
	must(t, r.Sign(rec, []byte(keystest.Passphrase)))
	if _, err := c.anns.SealRead(ctx, c.item); err != nil || r.State() != project.Signed {
		t.Errorf("it is %s, sealing it: %v", r.State(), err)
	}
	_, err = r.Prepare(ctx, project.Authorship, nil)
	wantKind(t, "twice", err, project.KindOf(project.ErrSigned))
}
