package client

import (
	"context"
	"io"
	"net"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/wire"
)

// Outbox is what waits to be sent. The flow implements it over project/store.
type Outbox interface {
	// Waiting returns the addresses of sealed bundles that have no receipt yet, in the author's order.
	Waiting() ([]project.Hash, error)
	// Bundle returns the bytes of one.
	Bundle(address project.Hash) ([]byte, error)
	// Delivered records the verified receipt of one (wire.ParseReceipt reads it), durably. Repeating it changes nothing.
	Delivered(address project.Hash, receipt []byte) error
}

// Inbox is where arrivals go. The flow implements it over project/store: verify, open, store.
type Inbox interface {
	// Cursor returns the value that was last set under name; nil if none was.
	Cursor(name string) ([]byte, error)
	// Accept verifies and keeps an arrival and sets the cursor a.Cursor to a.Value in the same transaction, unless a.Cursor is empty.
	// Repeating it changes nothing. An error ends the pull before this arrival, which will come again: a bundle that can never be
	// accepted must be put aside and its cursor set, or it blocks what comes after it.
	Accept(ctx context.Context, a Arrival) error
}

// Arrival is one bundle addressed to this person, whole by its address. Its signatures have not been looked at.
type Arrival struct {
	Address project.Hash
	Size    int64
	Data    io.ReaderAt   // valid until Accept returns
	Receipt *wire.Receipt // of the author's log, verified; nil when the bundle came on a medium straight from its author
	Cursor  string        // name; empty when there is none to set
	Value   []byte        // its new value
}

// feedCursor names the cursor of the feed.
const feedCursor = "feed"

// Config says where and as whom.
type Config struct {
	Server  project.Server
	Project bundle.Handle
	Signer  bundle.Signer // of the person whose bundles these are; the vault must be unlocked
	Spool   string        // directory for what is being fetched, which is ciphertext; "" = the system's
	Retry   Retry
	// MaxBundle is the largest bundle that is fetched, in bytes; 0 = 2 GiB.
	MaxBundle int64
	// Dial replaces the network in tests; nil = TCP.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Retry says how often and how patiently something is tried that failed for a reason which may pass. Progress starts the count anew.
type Retry struct {
	Tries int           // 0 = 5
	Base  time.Duration // of the first pause, which doubles; each is drawn at random below that (full jitter). 0 = 500 ms
	Max   time.Duration // 0 = 60 s
}

// Report says what a Sync did.
type Report struct {
	Sent     int            // bundles that got a receipt
	Waiting  int            // bundles without a receipt still
	Received int            // arrivals accepted
	Refused  []wire.Refusal // bundles that a server refused by medium; they wait still
}

// Transport is a way between workstation and server. Both ways, HTTP and Folder, behave alike under synctest.Suite.
type Transport interface {
	// Sync sends what waits and fetches what has arrived; in may be nil. The report is true also beside an error.
	Sync(ctx context.Context, out Outbox, in Inbox) (Report, error)
	Close() error
}
