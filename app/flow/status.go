package flow

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"hotlight/project"
	"hotlight/project/store"
	"hotlight/sync/client"
)

// Status is what a project holds, for the person it belongs to: their own work; for a lead, all assignments and received reads.
type Status struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	Version int          `json:"version"`
	Me      string       `json:"me"`
	Role    project.Role `json:"role"`
	Items   []ItemStatus `json:"items"`
}

// ItemStatus is one work item.
type ItemStatus struct {
	ID     project.ItemID `json:"id"`
	Name   string         `json:"name"`
	Images int            `json:"images"` // instances
	Reads  []ReadStatus   `json:"reads"`
}

// ReadStatus is one read.
type ReadStatus struct {
	ID       project.ReadID    `json:"id"`
	Reader   project.ReaderID  `json:"reader"`
	State    project.ReadState `json:"state"`
	Changes  uint64            `json:"changes"`
	SignedAt time.Time         `json:"signed_at,omitzero"`
	Received bool              `json:"received,omitempty"` // a lead holds the verified bundle
}

// Status collects it.
func (p *Project) Status() (Status, error) {
	out := Status{ID: p.Definition().Project.ID, Title: p.Definition().Project.Title, Version: p.Definition().Project.Version,
		Me: string(p.Holder.ReaderID()), Role: p.Holder.Public().Role, Items: []ItemStatus{}}
	items, err := p.Store.Items()
	if err != nil {
		return out, err
	}
	reads, err := p.Store.Reads()
	if err != nil {
		return out, err
	}
	received, err := p.Store.Received()
	if err != nil {
		return out, err
	}
	for n, brief := range items {
		item, err := p.Store.Item(brief.ID)
		if err != nil {
			return out, err
		}
		status := ItemStatus{ID: item.ID, Name: fmt.Sprintf("Case %04d", n+1), Reads: p.readsOf(item.ID, reads, received)}
		for _, image := range item.Images {
			status.Images += len(image.Instances)
		}
		out.Items = append(out.Items, status)
	}
	return out, nil
}

func (p *Project) readsOf(item project.ItemID, reads []store.Read, received []store.Incoming) []ReadStatus {
	out := []ReadStatus{}
	for _, r := range reads {
		if r.Seat.Item == item {
			out = append(out, ReadStatus{ID: r.ID, Reader: r.Seat.Reader, State: r.State, Changes: r.Changes, SignedAt: r.SignedAt})
		}
	}
	for _, in := range received {
		if in.Item != item || in.From == p.Holder.ReaderID() {
			continue // one's own bundle, opened again, is not another read
		}
		// What a lead assigned is only a seat; the read that has arrived takes it.
		out = slices.DeleteFunc(out, func(r ReadStatus) bool { return r.Reader == in.From && !r.Received })
		out = append(out, ReadStatus{ID: in.Read, Reader: in.From, State: project.Committed, Received: true})
	}
	return out
}

// Assign notes that a reader of the roster is to read the item. Only the lead assigns.
func (p *Project) Assign(item project.ItemID, reader project.ReaderID) error {
	if p.Definition().Lead().ID != p.Holder.ReaderID() {
		return project.Errorf(project.NotPermitted, "only the lead assigns items")
	}
	r, ok := p.Definition().Reader(reader)
	if !ok || r.Revoked || !r.Role.Reads() {
		return project.Errorf(project.NotPermitted, "the roster has no reader of that fingerprint")
	}
	if _, err := p.Store.Item(item); err != nil {
		return err
	}
	reads, err := p.Store.Reads()
	if err != nil {
		return err
	}
	for _, other := range reads {
		given := other.Seat.Item == item && other.Seat.Reader != reader && other.State != project.Declined && other.State != project.Withdrawn
		if given && !p.Definition().MayReadTogether(reader, other.Seat.Reader) {
			return project.Errorf(project.NotPermitted, "the definition lets these two people not read the same case (reading.assignment.exclude.conflicts)")
		}
	}
	_, err = p.Store.AddRead(project.ReadSeat{Item: item, Reader: reader}, "")
	return err
}

// SignedRead returns the record of a signed read of the holder.
func (p *Project) SignedRead(id project.ReadID) (*project.SignedRead, error) {
	e, err := p.Store.SignedRead(id)
	if err != nil {
		return nil, err
	}
	return openSigned(e)
}

// Exchange is what waits and what came.
type Exchange struct {
	Outbox   []Outgoing `json:"outbox"`
	Received []Incoming `json:"received"`
	Refused  []Refused  `json:"refused"` // put aside: they can never be accepted
}

// Outgoing is a bundle of the holder.
type Outgoing struct {
	Hash    project.Hash `json:"sha256"`
	Size    int64        `json:"size"`
	Seq     uint64       `json:"author_seq"`
	Queued  time.Time    `json:"queued"`
	Receipt bool         `json:"receipt"` // the server's verified receipt is here
}

// Incoming is a bundle addressed to the holder.
type Incoming struct {
	Hash project.Hash     `json:"sha256"`
	Size int64            `json:"size"`
	From project.ReaderID `json:"from"`
	Item project.ItemID   `json:"item,omitempty"`
	At   time.Time        `json:"at"`
}

// ExchangeStatus lists both.
func (p *Project) ExchangeStatus() (Exchange, error) {
	out := Exchange{Outbox: []Outgoing{}, Received: []Incoming{}, Refused: []Refused{}}
	refused, err := p.Refused()
	if err != nil {
		return out, err
	}
	out.Refused = append(out.Refused, refused...)
	queued, err := p.Store.Outbox()
	if err != nil {
		return out, err
	}
	for _, q := range queued {
		receipt, err := p.Store.Receipt(q.Hash)
		if err != nil && project.KindOf(err) != project.NotFound {
			return out, err
		}
		out.Outbox = append(out.Outbox, Outgoing{q.Hash, q.Size, q.Seq, q.Queued, len(receipt) > 0})
	}
	received, err := p.Store.Received()
	if err != nil {
		return out, err
	}
	for _, in := range received {
		out.Received = append(out.Received, Incoming{in.Hash, in.Size, in.From, in.Item, in.At})
	}
	return out, nil
}

// Import verifies, opens and keeps one bundle, from a file. Importing it again changes nothing.
func (p *Project) Import(ctx context.Context, r io.ReaderAt, size int64) (store.Incoming, error) {
	data := make([]byte, min(size, maxImport))
	if size > maxImport {
		return store.Incoming{}, project.Errorf(project.Full, "the bundle is larger than %d MB", maxImport>>20)
	}
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return store.Incoming{}, fmt.Errorf("read the bundle: %w", err)
	}
	address := project.HashOf(data)
	if err := (inbox{p}).Accept(ctx, client.Arrival{Address: address, Size: size, Data: r}); err != nil {
		return store.Incoming{}, err
	}
	in, ok, err := p.hasReceived(address)
	if err == nil && !ok {
		err = project.Errorf(project.Corrupt, "the bundle was imported but is not in the store")
	}
	return in, err
}

// maxImport bounds a bundle that is imported in one piece, in bytes. Reads of a study are far below it.
const maxImport = 1 << 30
