package bundle

import (
	"io"
	"time"

	"hotlight/project"
)

// Signer is the author's two signing keys. keys.Holder satisfies it.
type Signer interface {
	ReaderID() project.ReaderID
	Person() project.EnvelopeSigner
	Device() project.EnvelopeSigner
}

// Opener decrypts what is addressed to one person. keys.Holder satisfies it.
type Opener interface {
	ReaderID() project.ReaderID
	// Decrypt returns the plaintext of an age file. What it yields before io.EOF is not yet known to be whole.
	Decrypt(ciphertext io.Reader) (io.Reader, error)
}

// Trust is what a verifier knows beforehand. Only Roster must be set.
type Trust struct {
	// Roster is the newest known. A bundle sealed under an older version is checked against that version where Earlier has it, and
	// its author must not be revoked in Roster.
	Roster *Roster
	// Earlier holds older rosters by version. May be nil.
	Earlier map[int]*Roster
	// Definition is the one that Roster was derived from, when Trust was made from a definition; else nil.
	Definition *project.Definition
	// Last returns the sequence number and address of the last bundle known from an author, or ok false. With nil, or where nothing
	// is known, the order of bundles is not checked.
	Last func(author project.ReaderID) (seq uint64, address project.Hash, ok bool)
	// Witnessed reports whether a verified receipt of the project's server names this bundle. It lets a revoked author's earlier
	// bundles be verified. With nil none are.
	Witnessed func(address project.Hash) bool
}

// NewTrust makes trust from a signed definition or a signed roster. It proves that the lead named inside signed it; that this is the
// right lead is for the caller to know.
func NewTrust(e *project.Envelope) (*Trust, error) {
	if e.PayloadType == RosterType {
		r, err := OpenRoster(e)
		if err != nil {
			return nil, err
		}
		return &Trust{Roster: r}, nil
	}
	d, hash, err := project.OpenDefinition(e)
	if err != nil {
		return nil, err
	}
	r, err := RosterOf(d, hash)
	if err != nil {
		return nil, err
	}
	return &Trust{Roster: r, Definition: d}, nil
}

// ParseTrust is NewTrust of a file's bytes.
func ParseTrust(b []byte) (*Trust, error) {
	if len(b) > maxTrustFile {
		return nil, project.Errorf(project.Full, "the trust file is larger than %d bytes", maxTrustFile)
	}
	e, err := project.ParseEnvelope(b)
	if err != nil {
		return nil, err
	}
	return NewTrust(e)
}

const maxTrustFile = 16 << 20

// Draft is what Seal is asked to put into a bundle.
type Draft struct {
	Kind       Kind
	Item       project.ItemID // KindRead only
	Seq        uint64         // the author's next number, from 1
	Prev       project.Hash   // address of the author's bundle before; zero with Seq 1
	Checkpoint string         // signed note of the author's audit log; may be empty
	Created    time.Time
	Program    string            // name and version of the program
	Roster     *project.Envelope // KindDefinition only: the signed roster of the new version
	Objects    []Object          // in the order in which they will lie; see BUNDLE.md section 4 for what a kind needs
}

// Object is one piece of content. Equal objects are stored once.
type Object struct {
	Kind  string // ObjectRead, ObjectMask, ...
	Media string // media type, for whoever stores it
	// Data is the content, not changed by Seal. Its SHA-256 becomes the object's address within the bundle.
	Data []byte
}

// The kinds of objects that this version gives a meaning.
const (
	ObjectRead       = "read"       // the signed read: a DSSE envelope
	ObjectMask       = "mask"       // the bricks of one segment
	ObjectDefinition = "definition" // the signed definition: a DSSE envelope
	ObjectJournal    = "journal"    // the read's journal
)

// Sealed says what Seal wrote.
type Sealed struct {
	Address project.Hash // SHA-256 of the whole file
	Size    int64
	Route   Route
}

// Verified is a bundle whose outside holds: BUNDLE.md section 6, steps 1 to 7.
type Verified struct {
	Address project.Hash
	Size    int64
	Route   Route
	Author  Member
	Roster  *Roster // against which it was checked: of the route's version where known, else the newest
	// NewRoster is the roster that a definition bundle carries, verified and newer than or equal to the trusted one; else nil.
	NewRoster *Roster
}
