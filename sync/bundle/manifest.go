package bundle

import (
	"encoding/json"
	"slices"

	"hotlight/project"
)

// ManifestType is the payload type of a manifest.
const ManifestType = "application/vnd.hotlight.manifest.v1+json"

// Manifest is the signed table of contents inside the payload; BUNDLE.md section 4.
type Manifest struct {
	BundleID      string           `json:"bundle_id"`
	Project       Handle           `json:"project"`
	Kind          Kind             `json:"kind"`
	From          project.ReaderID `json:"from"`
	Item          project.ItemID   `json:"item,omitempty"`
	RosterVersion int              `json:"roster_version"`
	Recipients    []string         `json:"recipients"`
	Program       string           `json:"program"`
	Objects       []Entry          `json:"objects"`
}

// Entry describes one object.
type Entry struct {
	Kind   string       `json:"kind"`
	Media  string       `json:"media"`
	SHA256 project.Hash `json:"sha256"` // of the content
	Size   int64        `json:"size"`   // of the content, in bytes
	Codec  string       `json:"codec"`  // CodecNone or CodecZstd
	Stored int64        `json:"stored"` // bytes in the payload
}

// The codecs of an object.
const (
	CodecNone = "none"
	CodecZstd = "zstd"
)

// newManifest fills everything that follows from the route.
func newManifest(r *Route, author Member, roster *Roster) *Manifest {
	return &Manifest{
		BundleID: r.BundleID, Project: r.Project, Kind: r.Kind, From: r.From, Item: r.Item, RosterVersion: r.RosterVersion,
		Recipients: fingerprints(recipients(r.Kind, author, roster)),
	}
}

// parseManifest verifies the manifest's envelope and that it says the same as the route, and checks every declared size.
func parseManifest(raw []byte, v *Verified) (*Manifest, error) {
	e, err := project.ParseEnvelope(raw)
	if err != nil {
		return nil, err
	}
	if err := verifySigned(e, ManifestType, v.Author.SigningKey); err != nil {
		return nil, err
	}
	var m Manifest
	if err := decodeExact(e.Payload, &m, "manifest"); err != nil {
		return nil, err
	}
	want := newManifest(&v.Route, v.Author, v.Roster)
	if !slices.Equal(m.Recipients, want.Recipients) {
		return nil, project.Errorf(project.NotPermitted, "the bundle is not sealed to exactly the people that its kind allows")
	}
	want.Program, want.Objects = m.Program, m.Objects
	if a, b := mustJSON(want), mustJSON(&m); string(a) != string(b) {
		return nil, project.Errorf(project.Corrupt, "manifest and routing header contradict each other")
	}
	return &m, m.checkSizes()
}

func (m *Manifest) checkSizes() error {
	if len(m.Objects) > MaxObjects {
		return project.Errorf(project.Full, "manifest: more than %d objects", MaxObjects)
	}
	var size, stored int64
	seen := make(map[project.Hash]bool, len(m.Objects))
	for i, o := range m.Objects {
		switch {
		case o.Size < 0 || o.Stored < 0 || o.Size > MaxObject || o.Stored > o.Size:
			return project.Errorf(project.Full, "manifest: object %d has a size beyond its limit", i)
		case o.Codec != CodecNone && o.Codec != CodecZstd:
			return project.Errorf(project.Unsupported, "manifest: object %d has a codec that this program does not know", i)
		case o.Codec == CodecNone && o.Stored != o.Size:
			return project.Errorf(project.Invalid, "manifest: object %d is not compressed, but two sizes are given", i)
		case o.Kind == "" || seen[o.SHA256]:
			return project.Errorf(project.Invalid, "manifest: object %d has no kind or is listed twice", i)
		}
		seen[o.SHA256] = true
		size, stored = size+o.Size, stored+o.Stored
	}
	if size > MaxContent || size > freeContent+maxRatio*stored {
		return project.Errorf(project.Full, "manifest: the objects would grow to %d bytes, which is beyond the limit", size)
	}
	return nil
}

// stored is the length of all objects in the payload.
func (m *Manifest) stored() int64 {
	var n int64
	for _, o := range m.Objects {
		n += o.Stored
	}
	return n
}

// only returns the one object of kind; any other number is an error.
func (m *Manifest) only(kind string) (Entry, error) {
	var found []Entry
	for _, o := range m.Objects {
		if o.Kind == kind {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		return Entry{}, project.Errorf(project.Invalid, "the bundle has %d objects of kind %s, wanted one", len(found), kind)
	}
	return found[0], nil
}

func fingerprints(recipients []string) []string {
	out := make([]string, len(recipients))
	for i, r := range recipients {
		out[i] = project.Fingerprint([]byte(r))
	}
	slices.Sort(out)
	return out
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("bundle: a structure of plain values always marshals: " + err.Error())
	}
	return b
}
