package wire

import (
	"encoding/json"
	"io"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// Info is what a server says to anybody: GET /v1/info.
type Info struct {
	Versions  []int     `json:"versions"`   // of the protocol
	Suites    []int     `json:"suites"`     // of bundles
	MaxBundle int64     `json:"max_bundle"` // bytes
	MaxChunk  int64     `json:"max_chunk"`  // bytes
	Time      time.Time `json:"time"`
}

// Challenge is what a login must quote: GET /v1/challenge. It is good for a minute.
type Challenge struct {
	Challenge string `json:"challenge"`
}

// LoginType is the payload type of a login.
const LoginType = "application/vnd.hotlight.login.v1+json"

// Login is the body of the envelope with which a person and their device ask for a session: POST /v1/session. Both keys sign, the
// device's first. Pin is that of the server that is being talked to, so that no other server can make use of it.
type Login struct {
	Project   bundle.Handle    `json:"project"`
	Reader    project.ReaderID `json:"reader"`
	Device    project.DeviceID `json:"device"`
	Challenge string           `json:"challenge"`
	Pin       project.Hash     `json:"pin"`
}

// Session is the answer to a login. The token goes into the Authorization header of what follows, as a bearer token.
type Session struct {
	Token   string `json:"token"`
	Seconds int    `json:"seconds"` // how long it is good
}

// Commit asks to commit an uploaded bundle: POST /v1/commit. The answer is a Receipt, the same one each time.
type Commit struct {
	Bundle project.Hash `json:"bundle"`
}

// Feed is what has arrived for the person who asks, in order: GET /v1/feed?after=N&wait=SECONDS.
type Feed struct {
	Entries []FeedEntry `json:"entries"`
}

// FeedEntry is one bundle that has arrived. Cursors ascend without gaps, from 1, for each person apart.
type FeedEntry struct {
	Cursor  uint64       `json:"cursor"`
	Bundle  project.Hash `json:"bundle"`
	Size    int64        `json:"size"`
	Receipt Receipt      `json:"receipt"` // of the author's log
}

// LogPage is a stretch of a log: GET /v1/log/own?from=N, and for the lead GET /v1/log/project?from=N.
type LogPage struct {
	Checkpoint string   `json:"checkpoint"` // signed, of the whole log
	From       int64    `json:"from"`
	Leaves     [][]byte `json:"leaves"`
}

// Decode reads one message of at most limit bytes. What is not understood is refused: unknown fields, another spelling, trailing bytes.
func Decode(r io.Reader, limit int64, v any) error {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return project.Errorf(project.Offline, "the message was cut off: %w", err)
	}
	if int64(len(b)) > limit {
		return project.Errorf(project.Full, "the message is longer than %d bytes", limit)
	}
	return Unmarshal(b, v)
}

// Unmarshal is Decode for bytes in memory.
func Unmarshal(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return project.Errorf(project.Invalid, "the message is not of the form that this program knows")
	}
	if string(Marshal(v)) != string(b) {
		return project.Errorf(project.Invalid, "the message does not re-encode to the same bytes")
	}
	return nil
}

// Marshal returns the one spelling of a message.
func Marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("wire: a message of plain values always marshals: " + err.Error())
	}
	return b
}
