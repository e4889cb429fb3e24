package flow

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/definition"
	"hotlight/project/edit"
	"hotlight/project/keys/keystest"
	"hotlight/project/phantom"
	"hotlight/sync/client"
)

var _ desk.House = (*House)(nil)
var _ desk.Desk = (*Desk)(nil)
var _ desk.Read = (*deskRead)(nil)
var _ desk.Read = (*received)(nil)
var _ client.Outbox = outbox{}
var _ client.Inbox = inbox{}

// cast is a lead and two readers with projects over one small study.
type cast struct {
	base            string
	lead, ann, bob  *keystest.Person
	leads, anns     *Project
	images          string
	item            project.ItemID
	signedDefiniton []byte
}

func newCast(t *testing.T) *cast { return newCastOf(t, func(*project.Definition) {}) }

// newCastOf is newCast with another definition than the demo's.
func newCastOf(t *testing.T, change func(*project.Definition)) *cast {
	t.Helper()
	keystest.Cheap(t)
	c := &cast{base: t.TempDir(), lead: keystest.New(t, "Prof. Lead", project.Lead), ann: keystest.New(t, "Dr. Ann", project.Radiologist), bob: keystest.New(t, "Dr. Bob", project.Radiologist)}
	ctx := context.Background()
	def := demoDefinition("org.example.test", "Test")
	def.Readers = []project.Reader{c.lead.Public(), c.ann.Public(), c.bob.Public()}
	change(&def)
	var file bytes.Buffer
	must(t, definition.Write(&file, &def))
	var err error
	c.leads, err = NewProject(filepath.Join(c.base, "lead"), &file, c.lead.Holder, "")
	must(t, err)
	t.Cleanup(func() { c.leads.Close() })
	c.signedDefiniton, err = os.ReadFile(filepath.Join(c.base, "lead", DefinitionFile))
	must(t, err)
	c.anns, err = NewProject(filepath.Join(c.base, "ann"), bytes.NewReader(c.signedDefiniton), c.ann.Holder, c.lead.ReaderID())
	must(t, err)
	t.Cleanup(func() { c.anns.Close() })
	c.images = filepath.Join(c.base, "images")
	v, _, err := phantom.Compute(ctx, phantom.Options{Size: [3]int{40, 40, 10}, SpacingMM: [3]float64{9, 9, 12}}, nil)
	must(t, err)
	must(t, phantom.WriteDICOM(ctx, c.images, v, phantom.StudyOptions{}))
	added, err := c.anns.AddImages(ctx, []string{c.images}, nil)
	must(t, err)
	c.item = added.Items[0]
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func brush(segment string, x, y, z, radius float64) edit.Op {
	op, err := edit.ParseOp([]byte(`{"op":"brush","segment":"liver","shape":"sphere","radius_mm":1,"points_mm":[[0,0,0]]}`))
	if err != nil {
		panic(err)
	}
	op.Segment = edit.Ref{Name: segment}
	op.RadiusMM = radius
	op.PointsMM[0] = [3]float64{x, y, z}
	return op
}

func wantKind(t *testing.T, what string, err error, kind project.Kind) {
	t.Helper()
	if err == nil || project.KindOf(err) != kind {
		t.Errorf("%s: got %v (%s), want %s", what, err, project.KindOf(err), kind)
	}
}

func TestTheDemoIsTheWholeMainJob(t *testing.T) {
	keystest.Cheap(t)
	var said []string
	dir := filepath.Join(t.TempDir(), "demo")
	d, err := RunDemo(context.Background(), DemoOptions{Dir: dir, Phantom: phantom.Options{Size: [3]int{64, 64, 40}}, Say: func(s string) { said = append(said, s) }})
	must(t, err)
	if len(d.Record.Segments) != 2 || d.Record.Segments[0].Voxels == 0 || d.Record.Signature.PrintedName != d.First.Name {
		t.Errorf("the lead holds %+v", d.Record)
	}
	if !strings.Contains(strings.Join(said, "\n"), "every voxel is the one that was drawn") {
		t.Errorf("the demo said %q", said)
	}
	p, err := d.OpenSecond()
	must(t, err)
	defer p.Close()
	status, err := p.Status()
	must(t, err)
	if len(status.Items) != 1 || len(status.Items[0].Reads) != 1 || status.Items[0].Reads[0].State != project.InProgress {
		t.Errorf("the second reader sees %+v, wanted their own read in progress and nothing of the first's", status.Items)
	}
	if _, err := RunDemo(context.Background(), DemoOptions{Dir: dir}); project.KindOf(err) != project.Conflict {
		t.Errorf("a folder that is not empty: %v", err)
	}
}

func TestACancelledDemoStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := RunDemo(ctx, DemoOptions{Dir: filepath.Join(t.TempDir(), "demo")}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWhoMayStartAProject(t *testing.T) {
	c := newCast(t)
	stranger := keystest.New(t, "Stranger", project.Radiologist)
	_, err := NewProject(filepath.Join(c.base, "x"), bytes.NewReader(c.signedDefiniton), stranger.Holder, "")
	wantKind(t, "a person whom the roster does not list", err, project.NotPermitted)
	_, err = NewProject(filepath.Join(c.base, "x"), bytes.NewReader(c.signedDefiniton), c.bob.Holder, c.ann.ReaderID())
	wantKind(t, "a definition of another lead than named", err, project.NotPermitted)
	tampered := bytes.Replace(c.signedDefiniton, []byte(`"sig":"`), []byte(`"sig":"A`), 1)
	if _, err = NewProject(filepath.Join(c.base, "x"), bytes.NewReader(tampered), c.bob.Holder, ""); err == nil {
		t.Error("a definition whose signature was changed was accepted")
	}
	if _, err := os.Stat(filepath.Join(c.base, "x", DefinitionFile)); err == nil {
		t.Error("a refused project left a definition behind")
	}
	_, err = OpenProject(filepath.Join(c.base, "ann"), c.bob.Holder)
	if err == nil {
		t.Error("another person's project folder opened")
	}
}

func TestTheDefinitionOnlyGrows(t *testing.T) {
	c := newCast(t)
	carol := keystest.New(t, "Dr. Carol", project.Radiologist)
	before := c.leads.Hash()
	must(t, c.leads.ChangeRoster(func(r []project.Reader) ([]project.Reader, error) { return append(r, carol.Public()), nil }))
	if c.leads.Definition().Project.Version != 2 || c.leads.Hash() == before {
		t.Errorf("version %d", c.leads.Definition().Project.Version)
	}
	wantKind(t, "a reader changing the roster", c.anns.ChangeRoster(nil), project.NotPermitted)
	// The reader takes the new version, and not the old one again.
	next, err := os.ReadFile(filepath.Join(c.base, "lead", DefinitionFile))
	must(t, err)
	e, err := project.ParseEnvelope(next)
	must(t, err)
	must(t, c.anns.Adopt(e))
	must(t, c.anns.Adopt(e))
	old, err := project.ParseEnvelope(c.signedDefiniton)
	must(t, err)
	wantKind(t, "an older definition", c.anns.Adopt(old), project.Conflict)
	// A lead who would also read is refused before anything is signed.
	asReader := c.lead.Public()
	asReader.Role = project.Radiologist
	wantKind(t, "the lead as a reader", c.leads.ChangeRoster(func(r []project.Reader) ([]project.Reader, error) { return append(r, asReader), nil }), project.NotPermitted)
}

func TestSignedForOtherImagesIsRefused(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	r, err := c.anns.OpenRead(ctx, c.item)
	must(t, err)
	defer r.Close()
	_, err = r.History.Do(brush("liver", 0, 0, 0, 30))
	must(t, err)
	files, err := filepath.Glob(filepath.Join(c.images, "*"))
	must(t, err)
	b, err := os.ReadFile(files[0])
	must(t, err)
	b[len(b)-1] ^= 1
	must(t, os.WriteFile(files[0], b, 0o600))
	_, err = r.Prepare(ctx, project.Authorship, nil)
	wantKind(t, "a changed source file", err, project.Conflict)
	b[len(b)-1] ^= 1
	must(t, os.WriteFile(files[0], b, 0o600))
	must(t, os.Rename(c.images, c.images+".away"))
	_, err = r.Prepare(ctx, project.Authorship, nil)
	wantKind(t, "source files that are gone", err, project.NotFound)
	must(t, os.Rename(c.images+".away", c.images))
	record, err := r.Prepare(ctx, project.Authorship, nil)
	must(t, err)
	if len(record.Warnings) != 0 {
		t.Errorf("warnings: %v", record.Warnings)
	}
	_, err = r.History.Do(brush("liver", 10, 0, 0, 30))
	must(t, err)
	must(t, r.WaitSaved(ctx))
	wantKind(t, "a change after the record was made", r.Sign(record, []byte(keystest.Passphrase)), project.Conflict)
}

func TestMovedImagesAreFoundByDigest(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	moved := filepath.Join(t.TempDir(), "elsewhere") // too far to be looked for there
	must(t, os.Rename(c.images, moved))
	d := NewDesk(c.anns)
	laid, err := d.Open(ctx, c.item, nil)
	must(t, err)
	if laid.Images[0].Absent == "" {
		t.Error("images that are gone are not said to be")
	}
	must(t, laid.Close())
	added, err := c.anns.AddImages(ctx, []string{moved}, nil)
	must(t, err)
	if added.New != 0 {
		t.Errorf("%d new items for a folder that only moved", added.New)
	}
	laid, err = d.Open(ctx, c.item, nil)
	must(t, err)
	if laid.Images[0].Absent != "" {
		t.Errorf("moved images are not found: %s", laid.Images[0].Absent)
	}
	must(t, laid.Close())
}

func TestTheWindowsViewOfARead(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	d := NewDesk(c.anns)
	if items := d.Items(); len(items) != 1 || items[0].State != project.Assigned || items[0].Modality != "CT" {
		t.Fatalf("items %+v", items)
	}
	laid, err := d.Open(ctx, c.item, nil)
	must(t, err)
	_, err = d.Open(ctx, c.item, nil)
	wantKind(t, "a case opened twice", err, project.Busy)
	_, err = laid.Read.History().Do(brush("liver", 0, 0, 0, 40))
	must(t, err)
	rec, err := laid.Read.Record(ctx, project.Authorship, nil)
	must(t, err)
	if laid.Read.Saved().Changes != 1 || laid.Read.State() != project.InProgress {
		t.Errorf("saved %+v, state %s", laid.Read.Saved(), laid.Read.State())
	}
	if !strings.Contains(rec.Statement, "case 0001") || len(rec.Facts) != 5 {
		t.Errorf("record %+v", rec)
	}
	if _, err := laid.Read.Sign(ctx, rec, []byte("wrong")); err == nil {
		t.Error("signed with a wrong passphrase")
	}
	signature, err := laid.Read.Sign(ctx, rec, []byte(keystest.Passphrase))
	must(t, err)
	if signature.Name != "Dr. Ann" || signature.Sent || d.Exchange().Waiting != 1 {
		t.Errorf("signature %+v, waiting %d", signature, d.Exchange().Waiting)
	}
	if _, err := laid.Read.History().Do(brush("liver", 0, 0, 0, 5)); !errors.Is(err, project.ErrSigned) {
		t.Errorf("a signed read took a change: %v", err)
	}
	must(t, laid.Close())

	// The lead gets it over a folder, sees the very masks, and can change nothing; what the reader signed is what the lead reads.
	stick := filepath.Join(c.base, "stick")
	must(t, os.Mkdir(stick, 0o700))
	_, err = d.SyncFolder(ctx, stick, nil)
	must(t, err)
	_, err = c.leads.AddImages(ctx, []string{c.images}, nil)
	must(t, err)
	leads := NewDesk(c.leads)
	_, err = leads.SyncFolder(ctx, stick, nil)
	must(t, err)
	seen, err := leads.Open(ctx, c.item, nil)
	must(t, err)
	defer seen.Close()
	if !laid.Blinded || seen.Blinded {
		t.Errorf("the reader's case is blinded: %v, the lead's: %v", laid.Blinded, seen.Blinded)
	}
	if seen.Read == nil || len(seen.Read.History().Set().Segments()) != 1 {
		t.Fatal("the lead sees no read")
	}
	if _, err := seen.Read.History().Do(brush("liver", 0, 0, 0, 5)); project.KindOf(err) != project.NotPermitted {
		t.Errorf("the lead changed a reader's read: %v", err)
	}
	if items := leads.Items(); items[0].State != project.Committed || !strings.Contains(items[0].Report, "Dr. Ann") {
		t.Errorf("the lead's items %+v", items)
	}
}

func TestAHousePersonUnlockRecentPractice(t *testing.T) {
	keystest.Cheap(t)
	ctx, dir := context.Background(), t.TempDir()
	h, err := NewHouse(dir, "")
	must(t, err)
	if _, ok := h.Person(); ok || !h.Locked() {
		t.Error("an empty house has a person")
	}
	recovery, err := h.NewPerson(ctx, "Dr. New", project.Radiologist, []byte("correct horse battery"))
	must(t, err)
	if recovery == "" || h.Locked() {
		t.Error("a new person has no recovery key, or is locked")
	}
	locked := make(chan struct{}, 1)
	h.OnLock(func() { locked <- struct{}{} })
	h.Lock()
	if !h.Locked() {
		t.Error("lock did not lock")
	}
	_, err = h.OpenProject(ctx, dir)
	wantKind(t, "a project without keys", err, project.Locked)
	if err := h.Unlock(ctx, []byte("wrong")); err == nil {
		t.Error("a wrong passphrase unlocked")
	}
	must(t, h.Unlock(ctx, []byte("correct horse battery")))
	if len(h.Recent()) != 0 {
		t.Error("recents out of nothing")
	}
	images := t.TempDir()
	v, _, err := phantom.Compute(ctx, phantom.Options{Size: [3]int{32, 32, 8}}, nil)
	must(t, err)
	must(t, phantom.WriteDICOM(ctx, filepath.Join(images, "ct"), v, phantom.StudyOptions{}))
	found, err := h.OpenFolder(ctx, []string{images}, nil)
	must(t, err)
	if len(found.Cases) != 1 || found.Cases[0].Read != nil || len(h.Recent()) != 1 {
		t.Errorf("found %+v, recent %v", found, h.Recent())
	}
}

// Reopening goes from the state that was kept at closing, and undo still reaches the very first change.
func TestReopeningAfterManyChangesUndoesToTheFirst(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	const changes = keepStateAfter + 20
	r, err := c.anns.OpenRead(ctx, c.item)
	must(t, err)
	for n := range changes {
		_, err := r.History.Do(brush("liver", float64(n%40)*4-80, float64(n%7)*6, float64(n%5)*12-24, 9))
		must(t, err)
	}
	want := r.History.Set()
	must(t, r.Close())
	if seq, _, err := c.anns.Store.State(r.ID()); err != nil || seq != changes {
		t.Fatalf("state kept at %d, %v", seq, err)
	}
	again, err := c.anns.OpenRead(ctx, c.item)
	must(t, err)
	defer again.Close()
	if !again.History.Set().Equal(want) {
		t.Error("the reopened read has other voxels")
	}
	undone := 0
	for again.History.CanUndo() {
		_, err := again.History.Undo()
		must(t, err)
		undone++
	}
	if len(again.History.Set().Segments()) != 0 || undone < changes/2 {
		t.Errorf("%d undone, %d segments left", undone, len(again.History.Set().Segments()))
	}
}

// A newer definition travels as a bundle: the reader who syncs has it, and with it the new colleague's key.
func TestANewerDefinitionReachesTheReaders(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	carol := keystest.New(t, "Dr. Carol", project.Radiologist)
	must(t, c.leads.ChangeRoster(func(r []project.Reader) ([]project.Reader, error) { return append(r, carol.Public()), nil }))
	stick := filepath.Join(c.base, "stick")
	must(t, os.Mkdir(stick, 0o700))
	_, err := c.leads.Sync(ctx, Way{Folder: stick})
	must(t, err)
	_, err = c.anns.Sync(ctx, Way{Folder: stick})
	must(t, err)
	if c.anns.Definition().Project.Version != 2 || c.anns.Hash() != c.leads.Hash() {
		t.Errorf("the reader holds version %d", c.anns.Definition().Project.Version)
	}
	// Asking again queues nothing more.
	before, err := c.leads.Store.Outbox()
	must(t, err)
	must(t, c.leads.shareDefinition())
	after, err := c.leads.Store.Outbox()
	must(t, err)
	if len(before) != 1 || len(after) != 1 {
		t.Errorf("%d bundles queued, then %d", len(before), len(after))
	}
}

// One reader's bundle that can never be accepted is put aside, told, and does not keep the next one back.
func TestARefusedArrivalDoesNotBlockTheNext(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	r, err := c.anns.OpenRead(ctx, c.item)
	must(t, err)
	_, err = r.History.Do(brush("liver", 0, 0, 0, 30))
	must(t, err)
	record, err := r.Prepare(ctx, project.Authorship, nil)
	must(t, err)
	record.Read.Segments[0].Voxels++ // her program lies about what she drew
	must(t, r.Sign(record, []byte(keystest.Passphrase)))
	must(t, r.Close())
	out, err := c.anns.SealRead(ctx, c.item)
	must(t, err)
	data, err := c.anns.Store.Bundle(out.Hash)
	must(t, err)
	in := inbox{c.leads}
	arrival := func(b []byte, cursor string) client.Arrival {
		return client.Arrival{Address: project.HashOf(b), Size: int64(len(b)), Data: bytes.NewReader(b), Cursor: "feed", Value: []byte(cursor)}
	}
	must(t, in.Accept(ctx, arrival(data, "1")))
	refused, err := c.leads.Refused()
	must(t, err)
	if len(refused) != 1 || refused[0].From != c.ann.ReaderID() || refused[0].Seq != 1 || !strings.Contains(refused[0].Why, "digest") {
		t.Errorf("refused %+v", refused)
	}
	if reads, err := c.leads.Received(ctx, c.item); err != nil || len(reads) != 0 {
		t.Errorf("the lead shows %d reads, %v", len(reads), err)
	}
	if cursor, _ := c.leads.Store.Cursor("feed"); string(cursor) != "1" {
		t.Errorf("the feed stands at %q", cursor)
	}
	must(t, in.Accept(ctx, arrival(data, "1"))) // again changes nothing
	if refused, _ := c.leads.Refused(); len(refused) != 1 {
		t.Errorf("listed %d times", len(refused))
	}
	// Her next bundle follows the refused one and is taken.
	trust, err := c.leads.Trust()
	must(t, err)
	if seq, address, ok := trust.Last(c.ann.ReaderID()); !ok || seq != 1 || address != out.Hash {
		t.Errorf("her last is %d %s", seq, address)
	}
	// Rubbish from a broken medium is put aside as well, by nobody.
	must(t, in.Accept(ctx, arrival(data[:len(data)-9], "2")))
	problems, err := c.leads.Check(ctx)
	must(t, err)
	if len(problems) != 0 {
		t.Errorf("check: %v", problems)
	}
}
