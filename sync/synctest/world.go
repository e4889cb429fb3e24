package synctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/bundle/bundletest"
	"hotlight/sync/client"
	"hotlight/sync/server"
)

// World is a project with its people and its server on loopback.
type World struct {
	*bundletest.Project
	T       testing.TB
	Dir     string // the server's data
	Server  *server.Server
	Faults  *Faults
	Options server.Options
	address string
	done    chan error
}

// New starts a server that has admitted a project of four people.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{Project: bundletest.NewProject(t), T: t, Dir: t.TempDir(), Faults: &Faults{}}
	w.Start()
	if err := w.Server.Admit(w.Roster); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	return w
}

// Start opens the data directory and serves, on the same address as before if that is free.
func (w *World) Start() {
	w.T.Helper()
	var err error
	if w.Server, err = server.Open(w.Dir, w.Options); err != nil {
		w.T.Fatal(err)
	}
	address := w.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		w.T.Fatal(err)
	}
	w.address = l.Addr().String()
	w.done = make(chan error, 1)
	go func(s *server.Server, done chan error) { done <- s.Serve(l) }(w.Server, w.done)
	for { // until it has announced itself, which the operator's orders need
		if _, err := os.Stat(filepath.Join(w.Dir, "serving.json")); err == nil {
			return
		}
		select {
		case err := <-w.done:
			w.T.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
}

// Stop ends the server gracefully. A stopped one stays stopped.
func (w *World) Stop() {
	w.T.Helper()
	if w.Server == nil {
		return
	}
	w.Faults.cutAll()
	if err := w.Server.Close(); err != nil {
		w.T.Error(err)
	}
	if err := <-w.done; err != nil {
		w.T.Error(err)
	}
	w.Server = nil
}

// Restart ends the server in the middle of whatever it does and starts it again on its data.
func (w *World) Restart() {
	w.T.Helper()
	w.Stop()
	w.Start()
}

// Check fails the test if the server's data does not hold.
func (w *World) Check() {
	w.T.Helper()
	c, err := w.Server.Check(context.Background())
	if err != nil {
		w.T.Fatal(err)
	}
	for _, p := range c.Problems {
		w.T.Errorf("check: %s", p)
	}
}

// Config is how a person reaches the server.
func (w *World) Config(who *bundletest.Person) client.Config {
	return client.Config{
		Server:  project.Server{URL: "https://" + w.address, TLSPin: w.Server.TLSPin(), LogKey: w.Server.LogKey()},
		Project: w.Trust.Roster.Project, Signer: who, Spool: w.T.TempDir(), Dial: w.Faults.Dial,
		Retry: client.Retry{Tries: 8, Base: time.Millisecond, Max: 20 * time.Millisecond},
	}
}

// Outbox is one person's outbox in memory. It satisfies client.Outbox.
type Outbox struct {
	mu       sync.Mutex
	order    []project.Hash
	bundles  map[project.Hash][]byte
	Receipts map[project.Hash][]byte
}

// Add seals d as the author's next bundle and queues it.
func (o *Outbox) Add(t testing.TB, p *bundletest.Project, author *bundletest.Person, d func(seq uint64, prev project.Hash) bundle.Draft) project.Hash {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bundles == nil {
		o.bundles, o.Receipts = map[project.Hash][]byte{}, map[project.Hash][]byte{}
	}
	var prev project.Hash
	if n := len(o.order); n > 0 {
		prev = o.order[n-1]
	}
	var out bytes.Buffer
	sealed, err := bundle.Seal(&out, p.Trust, author, d(uint64(len(o.order)+1), prev))
	if err != nil {
		t.Fatal(err)
	}
	o.order = append(o.order, sealed.Address)
	o.bundles[sealed.Address] = out.Bytes()
	return sealed.Address
}

// AddRead queues a read of item n.
func (o *Outbox) AddRead(t testing.TB, p *bundletest.Project, author *bundletest.Person, n int, masks ...[]byte) project.Hash {
	t.Helper()
	return o.Add(t, p, author, func(seq uint64, prev project.Hash) bundle.Draft { return p.Read(t, author, n, seq, prev, masks...) })
}

// Waiting implements client.Outbox.
func (o *Outbox) Waiting() (out []project.Hash, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, h := range o.order {
		if o.Receipts[h] == nil {
			out = append(out, h)
		}
	}
	return out, nil
}

// Bundle implements client.Outbox.
func (o *Outbox) Bundle(h project.Hash) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bundles[h] == nil {
		return nil, project.Errorf(project.NotFound, "no such bundle")
	}
	return o.bundles[h], nil
}

// Delivered implements client.Outbox.
func (o *Outbox) Delivered(h project.Hash, receipt []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if old := o.Receipts[h]; old != nil && !bytes.Equal(old, receipt) {
		return errors.New("another receipt for the same bundle")
	}
	o.Receipts[h] = receipt
	return nil
}

// Inbox is one person's inbox in memory: it opens what arrives. It satisfies client.Inbox.
type Inbox struct {
	T       testing.TB
	Who     *bundletest.Person
	Trust   *bundle.Trust
	Refuse  error // returned by Accept when set
	mu      sync.Mutex
	Order   []project.Hash // as accepted, each once
	Opened  map[project.Hash]bundle.Route
	Repeats int
	cursors map[string][]byte
}

// NewInbox returns who's.
func NewInbox(w *World, who *bundletest.Person) *Inbox {
	return &Inbox{T: w.T, Who: who, Trust: w.Trust, Opened: map[project.Hash]bundle.Route{}, cursors: map[string][]byte{}}
}

// Cursor implements client.Inbox.
func (i *Inbox) Cursor(name string) ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.cursors[name], nil
}

// Accept implements client.Inbox.
func (i *Inbox) Accept(_ context.Context, a client.Arrival) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.Refuse != nil {
		return i.Refuse
	}
	o, err := bundle.Open(a.Data, a.Size, i.Who, i.Trust, i.T.TempDir())
	if err != nil {
		return err
	}
	defer o.Close()
	if o.Address != a.Address {
		return project.Errorf(project.Corrupt, "another bundle than announced")
	}
	if _, again := i.Opened[a.Address]; again {
		i.Repeats++
	} else {
		i.Order = append(i.Order, a.Address)
	}
	i.Opened[a.Address] = o.Route
	if o.NewRoster != nil && o.NewRoster.Version > i.Trust.Roster.Version {
		earlier := map[int]*bundle.Roster{i.Trust.Roster.Version: i.Trust.Roster}
		i.Trust = &bundle.Trust{Roster: o.NewRoster, Earlier: earlier}
	}
	if a.Cursor != "" {
		i.cursors[a.Cursor] = a.Value
	}
	return nil
}

// Faults break connections on demand. The zero value breaks none.
type Faults struct {
	mu      sync.Mutex
	after   []int64 // the next connections break after so many bytes sent; then none
	latency time.Duration
	open    map[net.Conn]bool
	Dials   int
}

// CutAfter breaks each of the next connections after so many bytes have been sent on it.
func (f *Faults) CutAfter(bytes ...int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.after = append(f.after, bytes...)
}

// Latency delays every read.
func (f *Faults) Latency(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latency = d
}

// Left returns how many planned cuts have not happened.
func (f *Faults) Left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.after)
}

// Dial is for client.Config.
func (f *Faults) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Dials++
	faulty := &faultyConn{Conn: c, faults: f, left: -1, latency: f.latency}
	if len(f.after) > 0 {
		faulty.left, f.after = f.after[0], f.after[1:]
	}
	if f.open == nil {
		f.open = map[net.Conn]bool{}
	}
	f.open[c] = true
	return faulty, nil
}

// cutAll breaks every open connection, as a dying server does.
func (f *Faults) cutAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.open {
		c.Close()
	}
	clear(f.open)
}

type faultyConn struct {
	net.Conn
	faults  *Faults
	mu      sync.Mutex
	left    int64 // bytes until it breaks; negative = never
	latency time.Duration
}

func (c *faultyConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	n, cut := len(p), false
	if c.left >= 0 {
		if int64(n) >= c.left {
			n, cut = int(c.left), true
		}
		c.left -= int64(n)
	}
	c.mu.Unlock()
	n, err := c.Conn.Write(p[:n])
	if cut {
		c.Close()
		return n, io.ErrClosedPipe
	}
	return n, err
}

func (c *faultyConn) Read(p []byte) (int, error) {
	if c.latency > 0 {
		time.Sleep(c.latency)
	}
	return c.Conn.Read(p)
}

func (c *faultyConn) Close() error {
	c.faults.mu.Lock()
	delete(c.faults.open, c.Conn)
	c.faults.mu.Unlock()
	return c.Conn.Close()
}
