package desk

import (
	"context"
	"time"

	"hotlight/project"
)

// Desk is a project opened by its person. It shows that person's own work and nothing of anybody else's.
type Desk interface {
	Title() string // "Lung nodule pilot"
	Version() int  // of the definition
	Me() project.Reader
	// Notice is what the owner must be told about opening the project, such as changes that came back after a failure. Usually empty.
	Notice() string
	// Room says in a sentence when the disk of the project is nearly full; empty otherwise. It may take a moment.
	Room() string
	// Items are the person's own work items, in the person's own order. For a lead: all items, each with what the lead may see.
	Items() []Item
	// Open lays one out. The images are found by hash; what is not on this computer has its Absent set. A second Open of an item that is open
	// is project.Busy.
	Open(ctx context.Context, id project.ItemID, progress Progress) (Case, error)
	// AddImages indexes files and folders in place. It tells in one sentence what was found.
	AddImages(ctx context.Context, paths []string, progress Progress) (string, error)
	// Exchange says how the project trades, and what waits.
	Exchange() Exchange
	// Sync trades with the server named in the definition; SyncFolder with a folder or a USB drive. Each tells in one sentence what was done.
	Sync(ctx context.Context, progress Progress) (string, error)
	SyncFolder(ctx context.Context, path string, progress Progress) (string, error)
	// Watch calls f when Items or Exchange may have changed.
	Watch(f func()) (cancel func())
	// Close gives the project folder back.
	Close() error
}

// Item is one line of the worklist.
type Item struct {
	ID       project.ItemID
	Name     string // "Case 0047"
	Modality project.Modality
	Images   string // "Chest, 40 images"
	Task     string // the classes, "Liver, lesion"
	State    project.ReadState
	Changed  time.Time // last change, zero when none
	// Absent says that the images are not on this computer.
	Absent bool
	// Report is, for a lead, the sentence about a received read: "Verified: signed by R. Okafor 09:21:40." Empty otherwise.
	Report string
}

// Exchange is how a project trades.
type Exchange struct {
	Server  string    // host of the server, empty when the project trades by folder only
	Waiting int       // signed reads that wait to be sent
	Last    time.Time // of the last exchange that worked, zero when none
	Err     error     // why the last one did not
}
