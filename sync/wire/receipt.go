package wire

import (
	"crypto/ed25519"
	"time"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/sync/bundle"
)

// Leaf is one commit in an author's log. Its exact bytes are the leaf of the Merkle tree.
type Leaf struct {
	V        int          `json:"v"` // 1
	Bundle   project.Hash `json:"bundle"`
	Seq      uint64       `json:"author_seq"`
	Kind     bundle.Kind  `json:"kind"`
	Received time.Time    `json:"received"` // by the server's clock, UTC, whole seconds
}

// ProjectLeaf is one commit in the project's log, which only the lead sees: whose it was and where it stands in that author's log.
type ProjectLeaf struct {
	V      int              `json:"v"` // 1
	Author project.ReaderID `json:"author"`
	Index  int64            `json:"index"`
	Leaf   []byte           `json:"leaf"` // the author's
}

// Receipt is the server's word that a bundle is in its author's log: the leaf, and the proof that the tree under the signed checkpoint
// holds it. It says nothing of other authors.
type Receipt struct {
	Project    bundle.Handle    `json:"project"`
	Author     project.ReaderID `json:"author"`
	Index      int64            `json:"index"`
	Leaf       []byte           `json:"leaf"`
	Proof      []project.Hash   `json:"proof"`
	Checkpoint string           `json:"checkpoint"` // signed note
}

// AuthorLog is the origin of an author's log.
func AuthorLog(p bundle.Handle, author project.ReaderID) string {
	return audit.OriginPrefix + string(p) + "/" + string(author)
}

// ProjectLog is the origin of a project's log.
func ProjectLog(p bundle.Handle) string { return audit.OriginPrefix + string(p) }

// ParseReceipt reads the one spelling of a receipt. Nothing is verified.
func ParseReceipt(b []byte) (*Receipt, error) {
	if len(b) > MaxMessage {
		return nil, project.Errorf(project.Full, "the receipt is longer than %d bytes", MaxMessage)
	}
	var r Receipt
	if err := Unmarshal(b, &r); err != nil {
		return nil, err
	}
	return &r, nil
}

// Marshal returns the one spelling of a receipt.
func (r *Receipt) Marshal() []byte { return Marshal(r) }

// Verify proves that the server whose log key is key has put the bundle at address into the log of author, and returns the leaf.
// Everything that is wrong is Corrupt: a receipt for another bundle, author or project, another log key, a proof that does not hold.
func (r *Receipt) Verify(key ed25519.PublicKey, p bundle.Handle, author project.ReaderID, address project.Hash) (*Leaf, error) {
	if r.Project != p || r.Author != author {
		return nil, project.Errorf(project.Corrupt, "the receipt is for another person's bundle")
	}
	var leaf Leaf
	if err := Unmarshal(r.Leaf, &leaf); err != nil || leaf.V != 1 {
		return nil, project.Errorf(project.Corrupt, "the receipt's leaf is malformed")
	}
	if leaf.Bundle != address {
		return nil, project.Errorf(project.Corrupt, "the receipt is for another bundle")
	}
	c, err := openCheckpoint(key, r.Checkpoint, AuthorLog(p, author))
	if err != nil {
		return nil, err
	}
	if err := audit.VerifyInclusion(r.Proof, c.Head, r.Index, r.Leaf); err != nil {
		return nil, project.Errorf(project.Corrupt, "the receipt's proof does not hold: %w", err)
	}
	return &leaf, nil
}

func openCheckpoint(key ed25519.PublicKey, signed, origin string) (audit.Checkpoint, error) {
	v, err := audit.NewVerifier(key)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	return audit.OpenCheckpoint([]byte(signed), origin, v)
}
