package bundle

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"filippo.io/age"

	"hotlight/project"
)

// Seal writes a bundle of d by s to w. The author must be a member of t.Roster with a role that may send the kind.
//
// Everything is checked and encrypted before the first byte is written; the ciphertext is held in memory. A failure of w is returned and
// leaves a part there, which is no bundle. Objects are compressed on all cores.
func Seal(w io.Writer, t *Trust, s Signer, d Draft) (*Sealed, error) {
	route, roster, err := draftRoute(t, s, d)
	if err != nil {
		return nil, err
	}
	author, err := authorOf(route, roster, t)
	if err != nil {
		return nil, err
	}
	if err := checkCheckpoint(d.Checkpoint, author); err != nil {
		return nil, err
	}
	payload, err := sealPayload(route, author, roster, s, d)
	if err != nil {
		return nil, err
	}
	route.PayloadSHA256, route.PayloadLen = project.HashOf(payload), int64(len(payload))
	return writeFile(w, route, s, payload)
}

// draftRoute builds the route without its payload and names the roster that rules the bundle.
func draftRoute(t *Trust, s Signer, d Draft) (*Route, *Roster, error) {
	r := &Route{
		Format: [2]uint16{Major, Minor}, Suite: SuiteAge, BundleID: newID(), Project: t.Roster.Project, Kind: d.Kind,
		From: s.ReaderID(), Device: project.DeviceID(s.Device().KeyID()), Item: d.Item, Seq: d.Seq, Prev: d.Prev,
		RosterVersion: t.Roster.Version, Checkpoint: d.Checkpoint, Created: d.Created.UTC().Truncate(time.Second), Critical: []string{},
	}
	if !r.Kind.known() {
		return nil, nil, project.Errorf(project.Invalid, "there is no bundle of kind %q", d.Kind)
	}
	roster := t.Roster
	if d.Kind == KindDefinition {
		if d.Roster == nil {
			return nil, nil, project.Errorf(project.Invalid, "a definition is sent with its signed roster")
		}
		r.Roster = json.RawMessage(d.Roster.Marshal())
		carried, err := OpenRoster(d.Roster)
		if err != nil {
			return nil, nil, err
		}
		r.RosterVersion = carried.Version
		if roster, err = r.openCarried(t.Roster); err != nil {
			return nil, nil, err
		}
	}
	// Keys stand in the route so that its signatures can be checked by who knows no roster; whether they may sign is the roster's to say.
	if author, ok := roster.Member(r.From); ok {
		r.FromKey, r.DeviceKey = author.SigningKey, author.DeviceKey
	} else {
		return nil, nil, project.Errorf(project.NotPermitted, "the author %s is not on the project's roster", short(r.From))
	}
	r.To = addressees(d.Kind, r.From, roster)
	return r, roster, r.checkForm()
}

// sealPayload returns the age file.
func sealPayload(route *Route, author Member, roster *Roster, s Signer, d Draft) ([]byte, error) {
	objects := pack(d.Objects)
	m := newManifest(route, author, roster)
	m.Program, m.Objects = d.Program, make([]Entry, len(objects))
	for i, o := range objects {
		m.Objects[i] = o.entry
	}
	if err := m.checkSizes(); err != nil {
		return nil, err
	}
	if err := checkContent(m, d.Objects, route, author, roster); err != nil {
		return nil, err
	}
	e, err := project.SignEnvelope(ManifestType, mustJSON(m), s.Person())
	if err != nil {
		return nil, err
	}
	manifest := e.Marshal()
	if len(manifest) > MaxManifest {
		return nil, project.Errorf(project.Full, "the manifest is larger than %d bytes", MaxManifest)
	}
	return encrypt(manifest, objects, recipients(route.Kind, author, roster))
}

func encrypt(manifest []byte, objects []packed, to []string) ([]byte, error) {
	var keys []age.Recipient
	for _, r := range to {
		key, err := age.ParseHybridRecipient(r)
		if err != nil {
			return nil, project.Errorf(project.Invalid, "a recipient key cannot be read")
		}
		keys = append(keys, key)
	}
	n := int64(4 + len(manifest))
	for _, o := range objects {
		n += int64(len(o.stored))
	}
	padded := paddedLen(n)
	out := bytes.NewBuffer(make([]byte, 0, padded+padded/2048+4096+2048*int64(len(to))))
	w, err := age.Encrypt(out, keys...)
	if err != nil {
		return nil, fmt.Errorf("encrypt payload: %w", err)
	}
	parts := [][]byte{binary.BigEndian.AppendUint32(nil, uint32(len(manifest))), manifest}
	for _, o := range objects {
		parts = append(parts, o.stored)
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return nil, fmt.Errorf("encrypt payload: %w", err)
		}
	}
	if _, err := io.CopyN(w, zeros{}, padded-n); err != nil {
		return nil, fmt.Errorf("encrypt payload: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("encrypt payload: %w", err)
	}
	return out.Bytes(), nil
}

// writeFile signs the route and writes preamble, header and payload.
func writeFile(w io.Writer, route *Route, s Signer, payload []byte) (*Sealed, error) {
	e, err := project.SignEnvelope(RouteType, mustJSON(route), s.Device(), s.Person())
	if err != nil {
		return nil, err
	}
	header := e.Marshal()
	if len(header) > MaxHeader || len(payload) > MaxPayload {
		return nil, project.Errorf(project.Full, "the bundle is beyond the limits of its format")
	}
	p := preamble{
		Major: route.Format[0], Minor: route.Format[1], Suite: route.Suite,
		HeaderLen: uint32(len(header)), HeaderSHA256: project.HashOf(header),
		PayloadLen: uint64(len(payload)), PayloadSHA256: route.PayloadSHA256,
	}
	head := p.marshal()
	sum := sha256.New()
	out := io.MultiWriter(w, sum)
	for _, part := range [][]byte{head[:], header, payload} {
		if _, err := out.Write(part); err != nil {
			return nil, fmt.Errorf("write bundle: %w", err)
		}
	}
	return &Sealed{
		Address: project.Hash(sum.Sum(nil)), Size: int64(len(head) + len(header) + len(payload)), Route: *route,
	}, nil
}

// newID returns 26 random characters.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return nameEncoding.EncodeToString(b[:])
}

// zeros yields zero bytes without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// find returns the data of the object with hash h.
func find(objects []Object, h project.Hash) []byte {
	i := slices.IndexFunc(objects, func(o Object) bool { return project.HashOf(o.Data) == h })
	if i < 0 {
		return nil
	}
	return objects[i].Data
}
