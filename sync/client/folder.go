package client

import (
	"bytes"
	"context"
	"slices"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/wire"
)

// Folder is the way over a removable medium, which serves one person: on a shared one a reader would see how much another has read.
type Folder struct {
	config Config
	medium *wire.Medium
	now    func() time.Time
}

// NewFolder returns the way over the medium mounted at path. Receipts need c.Server.LogKey; its URL and pin are not used.
func NewFolder(c Config, path string) (*Folder, error) {
	m, err := wire.OpenMedium(path)
	if err != nil {
		return nil, err
	}
	if c.MaxBundle == 0 {
		c.MaxBundle = 2 << 30
	}
	return &Folder{config: c, medium: m, now: time.Now}, nil
}

// Close releases the medium.
func (f *Folder) Close() error { return f.medium.Close() }

// Sync takes what the server has put on the medium, receipts and arrivals, and puts on it what waits. A medium that was written by somebody
// else is left as it is: if bundles on it are addressed to this person (the lead collecting a reader's medium), they are taken; if none is, it
// is refused with Conflict.
func (f *Folder) Sync(ctx context.Context, out Outbox, in Inbox) (Report, error) {
	waiting, err := out.Waiting()
	if err != nil {
		return Report{}, err
	}
	report := Report{Waiting: len(waiting)}
	owner, files, err := f.owner()
	if err != nil {
		return report, err
	}
	if owner != "" && owner != f.config.Signer.ReaderID() {
		report.Received, err = f.collect(ctx, files, in)
		return report, err
	}
	answer, err := f.answer()
	if err != nil {
		return report, err
	}
	if answer != nil {
		if err := f.take(ctx, answer, waiting, out, in, &report); err != nil {
			return report, err
		}
	}
	err = f.put(ctx, out, in, &report)
	if project.KindOf(err) == project.NotPermitted && report.Waiting == 0 {
		err = nil // a medium that cannot be written to has been read, and nothing waits
	}
	return report, err
}

// owner says whose courier is on the medium and what it lists; "" if there is none.
func (f *Folder) owner() (project.ReaderID, []wire.File, error) {
	b, err := f.medium.Courier()
	if project.KindOf(err) == project.NotFound {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	c, _, err := wire.ReadCourier(b)
	if err != nil {
		return "", nil, err
	}
	if c.Project != f.config.Project {
		return "", nil, project.Errorf(project.Conflict, "this medium carries files of another project")
	}
	return c.From, c.Files, nil
}

// answer returns the server's answer; nil if there is none for this person.
func (f *Folder) answer() (*wire.Answer, error) {
	b, err := f.medium.Answer()
	if project.KindOf(err) == project.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(f.config.Server.LogKey) == 0 {
		return nil, project.Errorf(project.Invalid, "the project's definition names no log key: receipts cannot be verified")
	}
	a, err := wire.OpenAnswer(b, f.config.Server.LogKey)
	if err != nil {
		return nil, err
	}
	if a.To != f.config.Signer.ReaderID() || a.Project != f.config.Project {
		return nil, nil
	}
	return a, nil
}

// take records receipts and accepts arrivals.
func (f *Folder) take(ctx context.Context, a *wire.Answer, waiting []project.Hash, out Outbox, in Inbox, report *Report) error {
	report.Refused = a.Refused
	for _, r := range a.Receipts {
		var leaf wire.Leaf
		if err := wire.Unmarshal(r.Leaf, &leaf); err != nil {
			return err
		}
		if !slices.Contains(waiting, leaf.Bundle) {
			continue
		}
		if _, err := r.Verify(f.config.Server.LogKey, f.config.Project, f.config.Signer.ReaderID(), leaf.Bundle); err != nil {
			return project.Errorf(project.Corrupt, "a receipt on the medium does not hold, the bundle counts as not sent: %w", err)
		}
		if err := out.Delivered(leaf.Bundle, r.Marshal()); err != nil {
			return err
		}
		report.Sent++
		report.Waiting--
	}
	if in == nil {
		return nil
	}
	for _, e := range a.Arrived {
		if err := f.arrive(ctx, e, in, report); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) arrive(ctx context.Context, e wire.FeedEntry, in Inbox, report *Report) error {
	after, err := readCursor(in)
	if err != nil || e.Cursor <= after {
		return err
	}
	if err := checkEntry(e, after, f.config); err != nil {
		return err
	}
	receipt := e.Receipt
	err = f.accept(ctx, in, Arrival{Address: e.Bundle, Size: e.Size, Receipt: &receipt, Cursor: feedCursor, Value: cursorValue(e.Cursor)})
	if err == nil {
		report.Received++
	}
	return err
}

// accept checks a file on the medium and hands it over.
func (f *Folder) accept(ctx context.Context, in Inbox, a Arrival) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.medium.CheckBlob(wire.File{Bundle: a.Address, Size: a.Size}); err != nil {
		return err
	}
	blob, _, err := f.medium.Blob(a.Address)
	if err != nil {
		return err
	}
	defer blob.Close()
	a.Data = blob
	return in.Accept(ctx, a)
}

// collect takes what is addressed to this person from somebody else's medium, and writes nothing.
func (f *Folder) collect(ctx context.Context, files []wire.File, in Inbox) (received int, err error) {
	receipts := f.receipts()
	mine := 0
	for _, file := range files {
		if in == nil || !f.addressed(file) {
			continue
		}
		mine++
		if err := f.accept(ctx, in, Arrival{Address: file.Bundle, Size: file.Size, Receipt: receipts[file.Bundle]}); err != nil {
			return received, err
		}
		received++
	}
	if mine == 0 {
		return 0, project.Errorf(project.Conflict, "this medium carries another person's files; use one medium for each person, so that nobody sees how much another has read")
	}
	return received, nil
}

// addressed reports whether a file's outside claims to be for this person. Accept verifies it.
func (f *Folder) addressed(file wire.File) bool {
	blob, size, err := f.medium.Blob(file.Bundle)
	if err != nil {
		return false
	}
	defer blob.Close()
	c, err := bundle.Inspect(blob, size)
	return err == nil && slices.Contains(c.Route.To, f.config.Signer.ReaderID())
}

// receipts returns the verified receipts that the server has put on somebody else's medium.
func (f *Folder) receipts() map[project.Hash]*wire.Receipt {
	found := map[project.Hash]*wire.Receipt{}
	b, err := f.medium.Answer()
	if err != nil || len(f.config.Server.LogKey) == 0 {
		return found
	}
	a, err := wire.OpenAnswer(b, f.config.Server.LogKey)
	if err != nil {
		return found
	}
	for i, r := range a.Receipts {
		var leaf wire.Leaf
		if wire.Unmarshal(r.Leaf, &leaf) != nil {
			continue
		}
		if _, err := r.Verify(f.config.Server.LogKey, f.config.Project, a.To, leaf.Bundle); err == nil {
			found[leaf.Bundle] = &a.Receipts[i]
		}
	}
	return found
}

// put writes what waits, then the courier, and only then removes what the courier no longer speaks of.
func (f *Folder) put(ctx context.Context, out Outbox, in Inbox, report *Report) error {
	s := f.config.Signer
	c := &wire.Courier{V: 1, Project: f.config.Project, From: s.ReaderID(), Device: project.DeviceID(s.Device().KeyID()),
		Created: f.now().UTC().Truncate(time.Second), Files: []wire.File{}}
	var err error
	if in != nil {
		if c.After, err = readCursor(in); err != nil {
			return err
		}
	}
	waiting, err := out.Waiting()
	if err != nil {
		return err
	}
	keep := map[project.Hash]bool{}
	for _, address := range waiting {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := out.Bundle(address)
		if err != nil {
			return err
		}
		file := wire.File{Bundle: address, Size: int64(len(data))}
		if err := f.medium.PutBlob(file, bytes.NewReader(data)); err != nil {
			return err
		}
		c.Files, keep[address] = append(c.Files, file), true
	}
	signed, err := wire.SignCourier(c, s)
	if err != nil {
		return err
	}
	if err := f.medium.PutCourier(signed); err != nil {
		return err
	}
	if err := f.medium.RemoveAnswer(); err != nil {
		return err
	}
	report.Waiting = len(waiting)
	return f.medium.Keep(keep)
}
