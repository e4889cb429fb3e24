package project

import (
	"encoding/json"
	"fmt"
	"time"
)

// ReadState is where a read stands.
type ReadState string

// The states of DESIGN.md section 8.
const (
	Assigned   ReadState = "assigned"    // given to a reader, nothing done
	InProgress ReadState = "in_progress" // at least one change
	Complete   ReadState = "complete"    // the reader says it is done; may go back to in progress
	Signed     ReadState = "signed"      // frozen for ever
	Committed  ReadState = "committed"   // the server's receipt is here
	Declined   ReadState = "declined"    // the reader will not read it
	Withdrawn  ReadState = "withdrawn"   // taken back by the lead before it was signed
	Superseded ReadState = "superseded"  // a later read by the same reader replaces it
)

// ReadEvent is something that happens to a read.
type ReadEvent string

// The events, each named for who does it.
const (
	EventChange    ReadEvent = "change"    // the reader changes something
	EventComplete  ReadEvent = "complete"  // the reader says it is done
	EventReopen    ReadEvent = "reopen"    // the reader goes on
	EventSign      ReadEvent = "sign"      // the reader signs
	EventCommit    ReadEvent = "commit"    // a receipt arrived and was verified
	EventDecline   ReadEvent = "decline"   // the reader declines
	EventWithdraw  ReadEvent = "withdraw"  // the lead withdraws
	EventSupersede ReadEvent = "supersede" // a later read by the same reader was signed
)

var readMoves = map[ReadState]map[ReadEvent]ReadState{
	Assigned:   {EventChange: InProgress, EventComplete: Complete, EventDecline: Declined, EventWithdraw: Withdrawn},
	InProgress: {EventChange: InProgress, EventComplete: Complete, EventSign: Signed, EventDecline: Declined, EventWithdraw: Withdrawn},
	Complete:   {EventReopen: InProgress, EventChange: InProgress, EventSign: Signed, EventWithdraw: Withdrawn},
	Signed:     {EventCommit: Committed, EventSupersede: Superseded},
	Committed:  {EventCommit: Committed, EventSupersede: Superseded},
}

// ErrSigned is what changing a signed read gives: a correction is a new read.
var ErrSigned = &Error{Kind: NotPermitted, Text: "this read is signed and can no longer be changed; a correction is a new read"}

// Next returns the state after event done by actor. It is a pure function of its arguments: the workstation, the server and the tests
// ask the same one. A move that is not listed is refused, and so is a reader's event done by anybody but the read's own reader,
// the lead's by anybody but the lead, and any read by a person whose role does not read.
func (s ReadState) Next(event ReadEvent, read ReadSeat, actor Reader) (ReadState, error) {
	if err := mayAct(event, read, actor); err != nil {
		return s, err
	}
	to, ok := readMoves[s][event]
	if !ok {
		if event == EventChange && s.Frozen() {
			return s, ErrSigned
		}
		return s, Errorf(NotPermitted, "a read that is %s cannot %s", s.words(), event)
	}
	return to, nil
}

// Frozen reports whether nothing in the read may change any more.
func (s ReadState) Frozen() bool {
	switch s {
	case Signed, Committed, Superseded, Declined, Withdrawn:
		return true
	}
	return false
}

func (s ReadState) words() string {
	if s == InProgress {
		return "in progress"
	}
	return string(s)
}

// ReadSeat says whose read it is.
type ReadSeat struct {
	Item   ItemID
	Reader ReaderID
}

func mayAct(event ReadEvent, read ReadSeat, actor Reader) error {
	if actor.Revoked {
		return Errorf(NotPermitted, "the key of %s was revoked", ShortFingerprint(string(actor.ID)))
	}
	switch event {
	case EventWithdraw:
		if actor.Role != Lead {
			return Errorf(NotPermitted, "only the lead withdraws a read")
		}
	case EventCommit:
		// A receipt is the server's word; anybody who holds the read may record it.
	default:
		if actor.ID != read.Reader {
			return Errorf(NotPermitted, "this is another person's read")
		}
		if !actor.Role.Reads() {
			return Errorf(NotPermitted, "a %s makes no reads", actor.Role)
		}
	}
	return nil
}

// Meaning is what a signature says its signer did (21 CFR 11.50).
type Meaning string

// The meanings of CLI.md.
const (
	Authorship  Meaning = "authorship"
	Review      Meaning = "review"
	Approval    Meaning = "approval"
	Adjudicated Meaning = "adjudication"
)

// SignedReadType is the payload type of a signed read.
const SignedReadType = "application/vnd.hotlight.read.v1+json"

// SignedRead is the record that a reader signs: which images by digest, under which definition, what was drawn by digest, and the
// manifestation of the signature. The bytes as signed are kept for ever; a correction is another SignedRead that Supersedes it.
type SignedRead struct {
	ReadID     ReadID        `json:"read_id"`
	Supersedes ReadID        `json:"supersedes,omitempty"`
	Project    string        `json:"project"`    // About.ID
	Definition Hash          `json:"definition"` // of the signed definition's bytes
	Item       ItemID        `json:"item"`
	Study      StudyUID      `json:"study_uid"`
	Series     []SignedImage `json:"series"`
	Segments   []SignedMask  `json:"segments"`
	Journal    SignedJournal `json:"journal"`
	Signature  Manifest      `json:"signature"`
}

// SignedImage ties a read to the exact source: every instance of one volume, in slice order.
type SignedImage struct {
	Series    SeriesUID        `json:"series_uid"`
	Volume    int              `json:"volume"` // index of the volume within the series, as scanned
	Frame     FrameOfReference `json:"frame_of_reference_uid"`
	Size      [3]int           `json:"size"`
	Instances []SignedInstance `json:"instances"`
}

// SignedInstance is one source file: its UID and the SHA-256 of its bytes.
type SignedInstance struct {
	UID    InstanceUID `json:"uid"`
	SHA256 Hash        `json:"sha256"`
}

// SignedMask is one segment as it stood at signing.
type SignedMask struct {
	Number   int     `json:"number"`
	Class    string  `json:"class"` // Class.ID, or empty
	Name     string  `json:"name"`
	Colour   Colour  `json:"color"`
	Category Code    `json:"category"`
	Type     Code    `json:"type"`
	Image    int     `json:"image"` // index into Series
	Voxels   int64   `json:"voxels"`
	VolumeML float64 `json:"volume_ml"`
	Mask     Hash    `json:"mask_sha256"`   // bits in i-fastest order, packed least significant bit first
	Object   Hash    `json:"object_sha256"` // of the bricks' bytes in the bundle
}

// SignedJournal says how the read was made: how many changes, and the audit log's head.
type SignedJournal struct {
	Changes    int    `json:"changes"`
	Checkpoint string `json:"checkpoint"` // signed note of the author's audit log
}

// Manifest is the signature's human part: what every screen and print shows beside it.
type Manifest struct {
	PrintedName string    `json:"printed_name"`
	Reader      ReaderID  `json:"reader"`
	Device      DeviceID  `json:"device"`
	Role        Role      `json:"role"`
	Meaning     Meaning   `json:"meaning"`
	Statement   string    `json:"statement"` // the sentence as it was shown
	SignedAt    time.Time `json:"signed_at"` // local time with offset
	Program     string    `json:"program"`   // name and version
	// Content is the SHA-256 of the record's JSON with an empty Signature: what the signer saw as the digest before the time was filled in.
	Content Hash `json:"content_sha256,omitzero"`
}

// ContentHash computes Signature.Content: the digest of everything in r but its signature.
func (r SignedRead) ContentHash() (Hash, error) {
	r.Signature = Manifest{}
	b, err := json.Marshal(r)
	if err != nil {
		return Hash{}, fmt.Errorf("encode the record: %w", err)
	}
	return HashOf(b), nil
}
