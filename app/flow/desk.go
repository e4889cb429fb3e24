package flow

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/store"
)

// Desk is a project as the window sees it: the person's own items and reads. It implements desk.Desk.
type Desk struct {
	p       *Project
	closing func() // told when the project is given back; may be nil

	mu       sync.Mutex
	open     map[project.ItemID]bool
	last     time.Time // of the last exchange that worked
	failed   error
	reports  map[project.ItemID]report // of items whose received reads were all verified since the project was opened
	searched map[project.ItemID]bool   // items whose files were looked for, and not all found
	watchers watchers
}

// NewDesk returns the desk of an opened project, which it closes in the end.
func NewDesk(p *Project) *Desk {
	return &Desk{p: p, open: map[project.ItemID]bool{}, reports: map[project.ItemID]report{}, searched: map[project.ItemID]bool{}}
}

// Title implements desk.Desk.
func (d *Desk) Title() string { return d.p.Definition().Project.Title }

// Version implements desk.Desk.
func (d *Desk) Version() int { return d.p.Definition().Project.Version }

// Me implements desk.Desk.
func (d *Desk) Me() project.Reader { return d.p.Holder.Public() }

// Notice implements desk.Desk.
func (d *Desk) Notice() string { return d.p.Notice() }

// Room implements desk.Desk.
func (d *Desk) Room() string { return d.p.Room() }

// Project returns what the desk stands on.
func (d *Desk) Project() *Project { return d.p }

// Items implements desk.Desk. An item that cannot be read is left out here; Check names it.
func (d *Desk) Items() []desk.Item {
	status, err := d.p.Status()
	if err != nil {
		return nil
	}
	var out []desk.Item
	for _, s := range status.Items {
		item := desk.Item{ID: s.ID, Name: s.Name, Task: d.task(), State: project.Assigned}
		d.describe(&item)
		received := 0
		for _, r := range s.Reads {
			switch {
			case r.Received:
				item.State = project.Committed
				received++
			case r.Reader == d.p.Holder.ReaderID():
				item.State, item.Changed = r.State, r.SignedAt
			}
		}
		if received > 0 {
			item.Report = d.report(s.ID, received)
		}
		out = append(out, item)
	}
	return out
}

func (d *Desk) task() string {
	var names []string
	for _, c := range d.p.Definition().Classes {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// describe fills in modality and contents from the store.
func (d *Desk) describe(item *desk.Item) {
	it, err := d.p.Store.Item(item.ID)
	if err != nil || len(it.Images) == 0 {
		item.Absent = true
		return
	}
	count := 0
	for _, image := range it.Images {
		count += len(image.Instances)
	}
	item.Modality = it.Images[0].Modality
	item.Images = fmt.Sprintf("%d images", count)
	if text := it.Images[0].Description; text != "" {
		item.Images = text + ", " + item.Images
	}
	if n := len(it.Images); n > 1 {
		item.Images += fmt.Sprintf(" in %d volumes", n)
	}
}

// report is the lead's sentence about what was received.
func (d *Desk) report(item project.ItemID, received int) string {
	d.mu.Lock()
	known, ok := d.reports[item]
	d.mu.Unlock()
	if ok && known.received == received {
		return known.text // what was received never changes, it only becomes more
	}
	reads, err := d.p.Received(context.Background(), item)
	if err != nil {
		return "A received read does not verify: " + err.Error()
	}
	var parts []string
	for _, r := range reads {
		s := r.Record.Signature
		parts = append(parts, fmt.Sprintf("Verified: signed by %s, %s.", s.PrintedName, s.SignedAt.Format("2 Jan 15:04:05")))
	}
	text := strings.Join(parts, " ")
	d.mu.Lock()
	d.reports[item] = report{received, text}
	d.mu.Unlock()
	return text
}

// report is the lead's sentence about an item, and of how many received reads it speaks.
type report struct {
	received int
	text     string
}

// Open implements desk.Desk.
func (d *Desk) Open(ctx context.Context, id project.ItemID, progress desk.Progress) (desk.Case, error) {
	d.mu.Lock()
	if d.open[id] {
		d.mu.Unlock()
		return desk.Case{}, project.Errorf(project.Busy, "this case is open already")
	}
	d.open[id] = true
	d.mu.Unlock()
	c, err := d.lay(ctx, id, progress)
	if err != nil {
		d.closed(id)
	}
	return c, err
}

func (d *Desk) closed(id project.ItemID) {
	d.mu.Lock()
	delete(d.open, id)
	d.mu.Unlock()
	d.tell()
}

func (d *Desk) lay(ctx context.Context, id project.ItemID, progress desk.Progress) (desk.Case, error) {
	item, err := d.p.Store.Item(id)
	if err != nil {
		return desk.Case{}, err
	}
	name, err := d.p.CaseName(id)
	if err != nil {
		return desk.Case{}, err
	}
	c := desk.Case{Name: name}
	files, err := d.sources(ctx, item, Progress(progress))
	if err != nil {
		return desk.Case{}, err
	}
	found, series, err := d.p.locate(ctx, item, files)
	if err != nil {
		return desk.Case{}, err
	}
	for n := range item.Images {
		c.Images = append(c.Images, d.p.layItem(item, n, files.of(n), found[n], series[n]))
	}
	return d.layRead(ctx, c, id)
}

// sources says where the files of an item are, and looks for those that are gone from their places: once, for as long as the project is open, if nothing
// comes of it. Adding the folder that holds them looks again.
func (d *Desk) sources(ctx context.Context, item store.Item, progress Progress) (sources, error) {
	files := sourcesOf(item)
	steps := twoSteps{progress: progress}
	if err := files.look(ctx, steps.first); err != nil {
		return nil, err
	}
	d.mu.Lock()
	searched := d.searched[item.ID]
	d.mu.Unlock()
	if searched {
		return files, nil
	}
	if _, err := d.p.search(ctx, item, files, nil, steps.second); err != nil && project.KindOf(err) != project.Locked {
		return nil, err
	}
	d.mu.Lock()
	d.searched[item.ID] = len(files.that(here)) < len(files)
	d.mu.Unlock()
	return files, nil
}

// layRead adds the person's own read, or, for a lead, what was received.
func (d *Desk) layRead(ctx context.Context, c desk.Case, id project.ItemID) (desk.Case, error) {
	if !d.p.Holder.Public().Role.Reads() {
		received, err := d.layReceived(ctx, id)
		if err != nil {
			return c, err
		}
		c.Read = received
		c.Close = func() error { d.closed(id); return nil }
		return c, nil
	}
	reading, err := d.p.OpenRead(ctx, id)
	if err != nil {
		return c, err
	}
	read := &deskRead{Reading: reading, desk: d}
	cancel := reading.Watch(d.tell)
	for n := range c.Images {
		read.giveVolume(&c.Images[n], n)
		read.guard(&c.Images[n], n)
	}
	c.Read, c.Blinded, c.Room = read, true, d.p.Room
	if d.p.Definition().OverlaysOnRequest(d.p.Holder.Public().Role) {
		c.ShowOverlays = reading.NoteOverlays
	}
	c.Close = func() error {
		cancel()
		err := reading.Close()
		d.closed(id)
		return err
	}
	return c, nil
}

// AddImages implements desk.Desk.
func (d *Desk) AddImages(ctx context.Context, paths []string, progress desk.Progress) (string, error) {
	added, err := d.p.AddImages(ctx, paths, Progress(progress))
	d.mu.Lock()
	clear(d.searched)
	d.mu.Unlock()
	d.tell()
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%d images in %d cases, %d of them new.", added.Files, len(added.Items), added.New)
	if added.Further > 0 {
		text += fmt.Sprintf(" %d further images of known studies were left out: their cases were made without them.", added.Further)
	}
	if n := len(added.Skipped); n > 0 {
		text += fmt.Sprintf(" %d files could not be used.", n)
	}
	return text, nil
}

// Exchange implements desk.Desk.
func (d *Desk) Exchange() desk.Exchange {
	out := desk.Exchange{}
	if u, err := url.Parse(d.p.Definition().Server.URL); err == nil {
		out.Server = u.Host
	}
	if waiting, err := (outbox{d.p}).Waiting(); err == nil {
		out.Waiting = len(waiting)
	}
	d.mu.Lock()
	out.Last, out.Err = d.last, d.failed
	d.mu.Unlock()
	return out
}

// Sync implements desk.Desk.
func (d *Desk) Sync(ctx context.Context, progress desk.Progress) (string, error) {
	return d.trade(ctx, Way{})
}

// SyncFolder implements desk.Desk.
func (d *Desk) SyncFolder(ctx context.Context, path string, progress desk.Progress) (string, error) {
	return d.trade(ctx, Way{Folder: path})
}

func (d *Desk) trade(ctx context.Context, way Way) (string, error) {
	report, err := d.p.Sync(ctx, way)
	d.mu.Lock()
	d.failed = err
	if err == nil {
		d.last = time.Now()
	}
	d.mu.Unlock()
	d.tell()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d sent, %d received, %d waiting for a receipt.", report.Sent, report.Received, report.Waiting), nil
}

// Watch implements desk.Desk.
func (d *Desk) Watch(f func()) (cancel func()) { return d.watchers.add(f) }

func (d *Desk) tell() { d.watchers.tell() }

// Close implements desk.Desk.
func (d *Desk) Close() error {
	if d.closing != nil {
		d.closing()
	}
	return d.p.Close()
}
