package flow

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/edit"
	"hotlight/project/store"
)

// Reading is a person's own read of one item, open for work. Every change made through History is sent to the store at once and is on the disk
// within 50 ms; Saved says how far the disk is. It may be used from several goroutines.
type Reading struct {
	p       *Project
	id      project.ReadID
	Item    store.Item
	Name    string // "Case 0001"
	History *edit.History

	cancel func() // ends the subscription to History

	mu       sync.Mutex
	read     store.Read
	saved    desk.Saved
	pending  []waiting // changes not on disk yet, oldest first
	watchers watchers
	loaded   bool                     // NeedVolumes was here
	settling map[uint64]chan struct{} // by change; closed when its fate is known here and the watchers are told
}

type waiting struct {
	seq   uint64
	since time.Time
	saved store.Saved
}

// OpenRead opens the holder's own read of item, as the journal has it. A read that is not there yet is made (assigned).
func (p *Project) OpenRead(ctx context.Context, item project.ItemID) (*Reading, error) {
	it, err := p.Store.Item(item)
	if err != nil {
		return nil, err
	}
	read, err := p.myRead(item)
	if err != nil {
		return nil, err
	}
	images := make([]edit.Image, len(it.Images))
	for n := range it.Images {
		images[n].Geometry = &it.Images[n].Geometry
	}
	history, err := p.replay(read.ID, images)
	if err != nil {
		return nil, err
	}
	name, err := p.CaseName(item)
	if err != nil {
		return nil, err
	}
	r := &Reading{p: p, id: read.ID, Item: it, Name: name, History: history, read: read, settling: map[uint64]chan struct{}{}}
	r.saved.Changes = int(history.Seq())
	r.cancel = history.Subscribe(r.keep)
	if read.State.Frozen() {
		history.Freeze(project.ErrSigned)
	}
	return r, r.withholdChanged(ctx)
}

// withholdChanged keeps segments as they are on images whose source files are not those that were read. Files that look as they did are not read here.
func (r *Reading) withholdChanged(ctx context.Context) error {
	files := sourcesOf(r.Item)
	if err := files.look(ctx, nil); err != nil {
		return err
	}
	for n := range r.Item.Images {
		if other := files.of(n).that(changed); len(other) > 0 {
			r.History.Withhold(n, &project.Error{Kind: project.Conflict, Text: changedSentence(other)})
		}
	}
	return nil
}

// replay rebuilds the history from the newest state kept and the changes after it. A state that cannot be used costs time, not work: the
// journal is the truth and is replayed whole then.
func (p *Project) replay(read project.ReadID, images []edit.Image) (*edit.History, error) {
	older := func(seq uint64) (edit.Entry, error) {
		record, err := p.Store.Entry(read, seq)
		if err != nil {
			return edit.Entry{}, err
		}
		return edit.ParseEntry(record)
	}
	if seq, state, err := p.Store.State(read); err == nil {
		if h, err := edit.Restore(images, p.Definition().Classes, state, entries(p.Store.JournalFrom(read, seq+1)), older); err == nil {
			return h, nil
		}
	}
	h, err := edit.Replay(images, p.Definition().Classes, entries(p.Store.Journal(read)))
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	h.LoadOlder(older)
	return h, nil
}

// keepStateAfter is how many changes may be made before the state is kept again: replaying so many takes a fraction of a second.
const keepStateAfter = 256

// keepState keeps the read's state when the read is closed, so that opening it again does not replay everything.
func (r *Reading) keepState() error {
	seq := r.History.Seq()
	if kept, _, err := r.p.Store.State(r.id); err == nil && seq-kept < keepStateAfter || seq < keepStateAfter {
		return nil
	}
	err := r.p.Store.SaveState(r.id, seq, r.History.MarshalState())
	switch project.KindOf(err) {
	case project.Locked, project.Full:
		return nil // the vault locked meanwhile, or the disk has no room for it; the journal has everything
	}
	return err
}

func entries(records iter.Seq2[[]byte, error]) iter.Seq2[edit.Entry, error] {
	return func(yield func(edit.Entry, error) bool) {
		for record, err := range records {
			var e edit.Entry
			if err == nil {
				e, err = edit.ParseEntry(record)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// myRead returns the holder's read of item that counts: the newest that is not superseded.
func (p *Project) myRead(item project.ItemID) (store.Read, error) {
	reads, err := p.Store.Reads()
	if err != nil {
		return store.Read{}, err
	}
	me := p.Holder.ReaderID()
	var mine *store.Read
	for n := range reads {
		r := &reads[n]
		if r.Seat.Item == item && r.Seat.Reader == me && r.State != project.Superseded {
			mine = r
		}
	}
	if mine == nil {
		return store.Read{}, project.Errorf(project.NotFound, "no read of this item is assigned to you")
	}
	return *mine, nil
}

// CaseName is what people call an item: its place in the order in which items were added.
func (p *Project) CaseName(item project.ItemID) (string, error) {
	items, err := p.Store.Items()
	if err != nil {
		return "", err
	}
	for n, it := range items {
		if it.ID == item {
			return fmt.Sprintf("Case %04d", n+1), nil
		}
	}
	return "", project.Errorf(project.NotFound, "the project has no item by that name")
}

// keep is called by History under its lock, in order, after each change.
func (r *Reading) keep(e edit.Event) {
	if e.Entry == nil {
		return
	}
	saved := r.p.Store.AppendEdit(r.id, *e.Entry)
	r.mu.Lock()
	r.pending = append(r.pending, waiting{e.Entry.Seq, time.Now(), saved})
	r.saved.Waiting, r.saved.Since = len(r.pending), r.pending[0].since
	r.settling[e.Entry.Seq] = make(chan struct{})
	r.mu.Unlock()
	go r.settle(e.Entry.Seq, saved)
}

// settle waits for one change's fate and tells the watchers. Changes settle in order, since the store commits in order.
func (r *Reading) settle(seq uint64, saved store.Saved) {
	defer r.settled(seq)
	<-saved.Done()
	r.mu.Lock()
	for len(r.pending) > 0 && isDone(r.pending[0].saved) {
		first := r.pending[0]
		if err := first.saved.Err(); err != nil {
			r.saved.Err = err
			break
		}
		r.saved.Changes = int(first.seq)
		r.pending = r.pending[1:]
	}
	r.saved.Waiting = len(r.pending)
	r.saved.Since = time.Time{}
	if len(r.pending) > 0 {
		r.saved.Since = r.pending[0].since
	}
	started := r.read.State == project.Assigned || r.read.State == project.Complete
	onDisk := uint64(r.saved.Changes)
	r.mu.Unlock()
	// History calls keep under its own lock, so its lock is never asked for under ours.
	r.History.Saved(onDisk)
	if started {
		r.refresh()
	}
	r.tell()
}

func isDone(s store.Saved) bool {
	select {
	case <-s.Done():
		return true
	default:
		return false
	}
}

// refresh takes the read's state from the store: the first change moves it to in progress there. It is read under the lock, so that an older
// answer never replaces a newer one.
func (r *Reading) refresh() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if read, err := r.p.Store.Read(r.id); err == nil {
		r.read = read
	}
}

// Saved says how much is on the disk.
func (r *Reading) Saved() desk.Saved {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.saved
}

// State is where the read stands.
func (r *Reading) State() project.ReadState { return r.current().State }

// current is what the store last said of the read.
func (r *Reading) current() store.Read {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.read
}

// ID names the read.
func (r *Reading) ID() project.ReadID { return r.id }

// settled tells who waits that a change is on the disk or has failed.
func (r *Reading) settled(seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.settling[seq])
	delete(r.settling, seq)
}

// WaitSaved returns when every change made so far is on the disk and Saved and State say so. Changes made meanwhile are not waited for.
func (r *Reading) WaitSaved(ctx context.Context) error {
	r.mu.Lock()
	pending := slices.Clone(r.pending)
	settling := slices.Collect(maps.Values(r.settling))
	failed := r.saved.Err
	r.mu.Unlock()
	if failed != nil {
		return failed
	}
	for _, w := range pending {
		if err := w.saved.Wait(ctx); err != nil {
			return err
		}
	}
	for _, done := range settling {
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Watch calls f after every change of State or Saved.
func (r *Reading) Watch(f func()) (cancel func()) { return r.watchers.add(f) }

func (r *Reading) tell() { r.watchers.tell() }

// Move makes a step of the read's state machine that changes nothing in it: complete, reopen, decline.
func (r *Reading) Move(e project.ReadEvent) error {
	read, err := r.p.Store.Move(r.id, e)
	if err != nil {
		return err
	}
	r.moved(read)
	return nil
}

// NoteOverlays records that the reader shows the overlay planes of the files, which the protocol hides until they are asked for.
func (r *Reading) NoteOverlays() error {
	return r.p.Store.Event(audit.OverlaysShown, string(r.id), nil)
}

func (r *Reading) moved(read store.Read) {
	if read.State.Frozen() {
		r.History.Freeze(project.ErrSigned)
	}
	r.mu.Lock()
	r.read = read
	r.mu.Unlock()
	r.refresh()
	r.tell()
}

// Close brings what is not on disk yet there and ends the work.
func (r *Reading) Close() error {
	r.cancel()
	if err := r.WaitSaved(context.Background()); err != nil {
		return err
	}
	return r.keepState()
}
