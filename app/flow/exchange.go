package flow

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hotlight/project"
	"hotlight/project/store"
	"hotlight/sync/bundle"
	"hotlight/sync/client"
)

// readMedia and maskMedia are the media types of a read bundle's objects.
const (
	readMedia = project.SignedReadType
	maskMedia = "application/vnd.hotlight.bricks.v1"
)

// SealRead puts the signed read of item into a bundle for the lead and queues it in the outbox. A read that was sealed before gives the same
// bundle again.
func (p *Project) SealRead(ctx context.Context, item project.ItemID) (store.Outgoing, error) {
	read, err := p.myRead(item)
	if err != nil {
		return store.Outgoing{}, err
	}
	if queued, ok, err := p.sealedBefore(read.ID); ok || err != nil {
		return queued, err
	}
	signed, err := p.Store.SignedRead(read.ID)
	if err != nil {
		return store.Outgoing{}, err
	}
	objects, err := p.readObjects(ctx, read, signed)
	if err != nil {
		return store.Outgoing{}, err
	}
	return p.seal(bundle.Draft{Kind: bundle.KindRead, Item: item, Objects: objects}, outgoingHeader{Item: item, Read: read.ID})
}

// readObjects are the signed record and the bricks of each segment, which must be what was signed.
func (p *Project) readObjects(ctx context.Context, read store.Read, signed *project.Envelope) ([]bundle.Object, error) {
	record, err := openSigned(signed)
	if err != nil {
		return nil, err
	}
	r, err := p.OpenRead(ctx, read.Seat.Item)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	objects := []bundle.Object{{Kind: bundle.ObjectRead, Media: readMedia, Data: signed.Marshal()}}
	seen := map[project.Hash]bool{}
	for _, mask := range record.Segments {
		segment, ok := r.History.Set().Find(mask.Number)
		if !ok {
			return nil, project.Errorf(project.Corrupt, "segment %d of the signed read is not in its journal", mask.Number)
		}
		data := segment.Mask.Marshal()
		if project.HashOf(data) != mask.Object {
			return nil, project.Errorf(project.Corrupt, "segment %d does not match its digest in the signed read", mask.Number)
		}
		if !seen[mask.Object] {
			objects = append(objects, bundle.Object{Kind: bundle.ObjectMask, Media: maskMedia, Data: data})
			seen[mask.Object] = true
		}
	}
	return objects, nil
}

// outgoingHeader is what the flow remembers of a queued bundle.
type outgoingHeader struct {
	Item       project.ItemID `json:"item,omitempty"`
	Read       project.ReadID `json:"read,omitempty"`
	Definition project.Hash   `json:"definition,omitzero"`
	Kind       bundle.Kind    `json:"kind"`
}

func (p *Project) sealedBefore(read project.ReadID) (store.Outgoing, bool, error) {
	queued, err := p.Store.Outbox()
	if err != nil {
		return store.Outgoing{}, false, err
	}
	for _, out := range queued {
		var h outgoingHeader
		if err := json.Unmarshal(out.Header, &h); err != nil {
			return store.Outgoing{}, false, project.Errorf(project.Corrupt, "outbox: %w", err)
		}
		if h.Read == read {
			return out, true, nil
		}
	}
	return store.Outgoing{}, false, nil
}

// seal numbers, seals and queues one bundle.
func (p *Project) seal(d bundle.Draft, header outgoingHeader) (store.Outgoing, error) {
	trust, err := p.Trust()
	if err != nil {
		return store.Outgoing{}, err
	}
	seq, prev, err := p.Store.Sequence()
	if err != nil {
		return store.Outgoing{}, err
	}
	checkpoint, err := p.Store.Checkpoint()
	if err != nil {
		return store.Outgoing{}, err
	}
	d.Seq, d.Prev, d.Checkpoint, d.Created, d.Program = seq, prev, checkpoint, time.Now().UTC().Truncate(time.Second), Program
	var file bytes.Buffer
	sealed, err := bundle.Seal(&file, trust, p.Holder, d)
	if err != nil {
		return store.Outgoing{}, err
	}
	header.Kind = d.Kind
	note, err := json.Marshal(header)
	if err != nil {
		return store.Outgoing{}, fmt.Errorf("describe the bundle: %w", err)
	}
	return p.Store.Queue(store.Outgoing{Seq: seq, Hash: sealed.Address, Size: sealed.Size, Header: note, Queued: time.Now()}, file.Bytes())
}

// Way is how a sync travels: the zero value is the server named in the definition.
type Way struct {
	Server string // URL, if another than the definition's; the pin and the log key stay
	Folder string // a directory or a mounted drive instead of a server
}

// Sync sends what waits and fetches what has arrived. It may be repeated at any time; nothing is lost or doubled. What an earlier run left
// half done is finished first: a signed read that is not sealed yet, a receipt that is not noted at its read.
func (p *Project) Sync(ctx context.Context, way Way) (client.Report, error) {
	transport, err := p.transport(way)
	if err != nil {
		return client.Report{}, err
	}
	defer transport.Close()
	unfinished := p.finish(ctx)
	report, err := transport.Sync(ctx, outbox{p}, inbox{p})
	if err == nil {
		err = unfinished // a read that cannot be sealed does not keep the others here
	}
	return report, err
}

// finish brings every read of the holder to where its signature and its receipt say that it is, and the lead's newest definition into the
// outbox.
func (p *Project) finish(ctx context.Context) error {
	reads, err := p.Store.Reads()
	if err != nil {
		return err
	}
	first := p.shareDefinition()
	for _, read := range reads {
		if read.Seat.Reader != p.Holder.ReaderID() || read.State != project.Signed {
			continue
		}
		if err := p.finishRead(ctx, read); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (p *Project) finishRead(ctx context.Context, read store.Read) error {
	out, sealed, err := p.sealedBefore(read.ID)
	if err != nil {
		return err
	}
	if !sealed {
		_, err := p.SealRead(ctx, read.Seat.Item)
		return err
	}
	if _, err := p.Store.Receipt(out.Hash); project.KindOf(err) == project.NotFound {
		return nil
	} else if err != nil {
		return err
	}
	_, err = p.Store.Move(read.ID, project.EventCommit)
	return err
}

func (p *Project) transport(way Way) (client.Transport, error) {
	config := client.Config{Server: p.Definition().Server, Project: bundle.HandleOf(p.Definition()), Signer: p.Holder}
	if way.Folder != "" {
		return client.NewFolder(config, way.Folder)
	}
	if way.Server != "" {
		config.Server.URL = way.Server
	}
	if config.Server.URL == "" {
		return nil, project.Errorf(project.Invalid, "the project names no server: exchange with a folder or a USB drive")
	}
	return client.NewHTTP(config)
}

// outbox is the store's, with the read's state moved on when its receipt is here.
type outbox struct{ p *Project }

// Waiting implements client.Outbox.
func (o outbox) Waiting() ([]project.Hash, error) {
	queued, err := o.p.Store.Outbox()
	if err != nil {
		return nil, err
	}
	var waiting []project.Hash
	for _, out := range queued {
		receipt, err := o.p.Store.Receipt(out.Hash)
		if err != nil && project.KindOf(err) != project.NotFound {
			return nil, err
		}
		if len(receipt) == 0 {
			waiting = append(waiting, out.Hash)
		}
	}
	return waiting, nil
}

// Bundle implements client.Outbox.
func (o outbox) Bundle(address project.Hash) ([]byte, error) { return o.p.Store.Bundle(address) }

// Delivered implements client.Outbox.
func (o outbox) Delivered(address project.Hash, receipt []byte) error {
	if err := o.p.Store.Delivered(address, receipt); err != nil {
		return err
	}
	queued, err := o.p.Store.Outbox()
	if err != nil {
		return err
	}
	for _, out := range queued {
		var h outgoingHeader
		if out.Hash != address {
			continue
		}
		if err := json.Unmarshal(out.Header, &h); err != nil {
			return project.Errorf(project.Corrupt, "outbox: %w", err)
		}
		if h.Read != "" {
			_, err := o.p.Store.Move(h.Read, project.EventCommit)
			return err
		}
	}
	return nil
}

// inbox verifies and keeps arrivals.
type inbox struct{ p *Project }

// Cursor implements client.Inbox.
func (i inbox) Cursor(name string) ([]byte, error) { return i.p.Store.Cursor(name) }

// Accept implements client.Inbox.
func (i inbox) Accept(ctx context.Context, a client.Arrival) error {
	data := make([]byte, a.Size)
	if n, err := a.Data.ReadAt(data, 0); n < len(data) {
		return project.Errorf(project.Corrupt, "read the arrival: %w", pathFree(err))
	}
	if in, ok, err := i.p.hasReceived(a.Address); ok || err != nil {
		if err != nil {
			return err
		}
		// It came another way before, and perhaps later ones of its author with it: only the position moves on.
		return i.p.Store.Receive(in, data, a.Cursor, a.Value)
	}
	trust, err := i.p.Trust()
	if err != nil {
		return err
	}
	// The author's log has it: the server took it while its author was on the roster.
	trust.Witnessed = func(address project.Hash) bool { return a.Receipt != nil && address == a.Address }
	err = i.take(a, data, trust)
	if hopeless(err) {
		return i.p.putAside(a, data, trust, err)
	}
	return err
}

// take verifies an arrival whole, inside and out, and keeps it.
func (i inbox) take(a client.Arrival, data []byte, trust *bundle.Trust) error {
	opened, err := openWith(data, i.p.Holder, trust)
	if err != nil {
		return err
	}
	defer opened.Close()
	switch opened.Route.Kind {
	case bundle.KindDefinition:
		if err := i.p.Adopt(opened.Definition); err != nil && project.KindOf(err) != project.Conflict {
			return err
		}
	case bundle.KindRead:
		// Every mask is compared with what was signed before anything is kept, so that what was received can always be shown.
		if _, err := Segments(opened); err != nil {
			return err
		}
	}
	in, err := incoming(opened, a.Address)
	if err != nil {
		return err
	}
	return i.p.Store.Receive(in, data, a.Cursor, a.Value)
}

// hasReceived finds a bundle among those that were verified and kept.
func (p *Project) hasReceived(address project.Hash) (store.Incoming, bool, error) {
	all, err := p.Store.Received()
	if err != nil {
		return store.Incoming{}, false, err
	}
	for _, in := range all {
		if in.Hash == address {
			return in, true, nil
		}
	}
	return store.Incoming{}, false, nil
}

func incoming(o *bundle.Opened, address project.Hash) (store.Incoming, error) {
	header, err := json.Marshal(o.Route)
	if err != nil {
		return store.Incoming{}, fmt.Errorf("describe the bundle: %w", err)
	}
	in := store.Incoming{Hash: address, Size: o.Size, Header: header, From: o.Route.From, Item: o.Route.Item, At: time.Now()}
	if o.Read != nil {
		in.Read = o.Read.ReadID
	}
	return in, nil
}

func parseRoute(header []byte) (bundle.Route, error) {
	var r bundle.Route
	if err := json.Unmarshal(header, &r); err != nil {
		return r, project.Errorf(project.Corrupt, "received bundle: %w", err)
	}
	return r, nil
}

// openWith verifies and opens a bundle addressed to o.
func openWith(data []byte, o bundle.Opener, t *bundle.Trust) (*bundle.Opened, error) {
	return bundle.Open(bytes.NewReader(data), int64(len(data)), o, t, "")
}
