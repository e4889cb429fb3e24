package store

import (
	"context"
	"time"

	"hotlight/project"
	"hotlight/project/volume"
)

// Item is a work item: one study, with the images that were found for it.
type Item struct {
	ID     project.ItemID   `json:"id"`
	Study  project.StudyUID `json:"study"`
	Added  time.Time        `json:"added"`
	Images []Image          `json:"-"` // one for each volume; reads refer to them by index. Items leaves it nil, Item fills it
}

// Image is one volume of an item, as it was found when the item was added.
type Image struct {
	Series      project.SeriesUID `json:"series"`
	Number      int               `json:"number,omitempty"` // Series Number, for people
	Volume      int               `json:"volume"`           // index of the volume within the series, as scanned
	Modality    project.Modality  `json:"modality"`
	Description string            `json:"description"`
	Geometry    volume.Geometry   `json:"geometry"`
	Warnings    []project.Warning `json:"warnings,omitempty"`
	Instances   []Instance        `json:"instances"` // in slice order
}

// Instance is one slice's source.
type Instance struct {
	UID    project.InstanceUID `json:"uid"`
	Class  project.ClassUID    `json:"class"`
	Number int                 `json:"number,omitempty"` // Instance Number, for people
	SHA256 project.Hash        `json:"sha256"`           // of the source file's bytes
	Place
	Frame int `json:"frame,omitempty"`
}

// Place is where a source file was last seen, and what the system said of it when its bytes were last compared with their digest. Size and Modified are
// 0 in items of earlier versions.
type Place struct {
	Path     string `json:"path"`
	Size     int64  `json:"size,omitempty"`     // bytes
	Modified int64  `json:"modified,omitempty"` // nanoseconds since 1970
}

// Read is what the store knows of one read beside its content.
type Read struct {
	ID         project.ReadID    `json:"id"`
	Seat       project.ReadSeat  `json:"seat"`
	State      project.ReadState `json:"state"`
	Supersedes project.ReadID    `json:"supersedes,omitempty"`
	Changes    uint64            `json:"changes"` // entries in the journal
	Created    time.Time         `json:"created"`
	SignedAt   time.Time         `json:"signed_at,omitzero"`
}

// Saved is the promise of AppendEdit: it says when the change is durable.
type Saved interface {
	// Done is closed when the change is on the disk, or never will be; then Err tells which.
	Done() <-chan struct{}
	// Err is nil before Done and after success.
	Err() error
	// Wait returns when Done is closed or ctx ends.
	Wait(ctx context.Context) error
}
