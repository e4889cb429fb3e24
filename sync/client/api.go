package client

import (
	"context"
	"io"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// Signatures promised to the flows; this file goes as the bodies land.

// Outbox is what waits to be sent. project/store implements it.
type Outbox interface {
	// Waiting returns the addresses of sealed bundles that have no receipt yet, in the author's order.
	Waiting() ([]project.Hash, error)
	// Bundle returns the bytes of one.
	Bundle(address project.Hash) ([]byte, error)
	// Delivered records the verified receipt of one, durably. Repeating it changes nothing.
	Delivered(address project.Hash, receipt []byte) error
}

// Inbox is where arrivals go. The flow implements it over project/store: verify, open, store.
type Inbox interface {
	// Cursor returns the value that was last set under name; nil if none was.
	Cursor(name string) ([]byte, error)
	// Accept verifies and keeps an arrival, and sets the cursor Name to Value in the same transaction. Repeating it changes nothing.
	Accept(ctx context.Context, a Arrival) error
}

// Arrival is one bundle addressed to this person.
type Arrival struct {
	Address project.Hash
	Size    int64
	Data    io.ReaderAt // valid until Accept returns
	Receipt []byte      // of the author's log, verified; nil when the bundle came on a medium straight from its author
	Cursor  string      // name
	Value   []byte      // new value
}

// Config says where and as whom.
type Config struct {
	Server  project.Server
	Project bundle.Handle
	Signer  bundle.Signer
	Spool   string // directory for what is being fetched; "" = the system's
}

// Report counts what was done.
type Report struct{ Sent, Waiting, Received int }

// Transport is a way between workstation and server.
type Transport interface {
	Sync(ctx context.Context, out Outbox, in Inbox) (Report, error) // push, then pull; in may be nil
	Close() error
}

// NewHTTP returns the way over the network to c.Server.URL.
func NewHTTP(c Config) (Transport, error) { panic("soon") }

// NewFolder returns the way over a medium mounted at path.
func NewFolder(c Config, path string) (Transport, error) { panic("soon") }
