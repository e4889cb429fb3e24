package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"hotlight/project"
)

// OriginPrefix starts every origin of ours; the key holder signs no other note.
const OriginPrefix = "hotlight/"

// maxCheckpoint bounds a signed checkpoint. A real one has about 250 bytes for each signature.
const maxCheckpoint = 8 << 10

// Checkpoint is a log's state under the log's name. Signed, it is a promise: no later state of this log will contradict it.
type Checkpoint struct {
	Origin string // names the log: OriginPrefix and what its owner chose; no spaces, no +
	Head
}

// Text returns what is signed: origin, size and root, a line each.
//
// Source: C2SP tlog-checkpoint.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// ParseCheckpointText reads exactly what Text writes.
func ParseCheckpointText(text string) (Checkpoint, error) {
	bad := project.Errorf(project.Corrupt, "this is not a checkpoint of an audit log")
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || !validOrigin(lines[0]) {
		return Checkpoint{}, bad
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return Checkpoint{}, bad
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(project.Hash{}) {
		return Checkpoint{}, bad
	}
	c := Checkpoint{Origin: lines[0], Head: Head{Size: size, Root: project.Hash(root)}}
	if c.Text() != text {
		return Checkpoint{}, bad
	}
	return c, nil
}

func validOrigin(s string) bool {
	return strings.HasPrefix(s, OriginPrefix) && len(s) > len(OriginPrefix) && len(s) <= 200 && !strings.ContainsFunc(s, func(r rune) bool { return notPlain(r) || r == '+' })
}

// SignCheckpoint returns the signed note.
func SignCheckpoint(c Checkpoint, signers ...note.Signer) ([]byte, error) {
	if !validOrigin(c.Origin) {
		return nil, project.Errorf(project.Invalid, "an origin starts with %s and is plain text", OriginPrefix)
	}
	b, err := note.Sign(&note.Note{Text: c.Text()}, signers...)
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return b, nil
}

// OpenCheckpoint verifies a signed note: it must be of the log named origin and signed by one of verifiers.
func OpenCheckpoint(signed []byte, origin string, verifiers ...note.Verifier) (Checkpoint, error) {
	c, err := openCheckpoint(signed, verifiers)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != origin {
		return Checkpoint{}, project.Errorf(project.Corrupt, "this is a checkpoint of another log")
	}
	return c, nil
}

// OpenAnyCheckpoint is OpenCheckpoint for a caller that learns the log's name from the note, such as one who sees an author's log for the first time.
func OpenAnyCheckpoint(signed []byte, verifiers ...note.Verifier) (Checkpoint, error) {
	return openCheckpoint(signed, verifiers)
}

func openCheckpoint(signed []byte, verifiers []note.Verifier) (Checkpoint, error) {
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, project.Errorf(project.Invalid, "a checkpoint has at most %d bytes", maxCheckpoint)
	}
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	if err != nil {
		return Checkpoint{}, project.Errorf(project.Corrupt, "the checkpoint has no valid signature by a known key")
	}
	return ParseCheckpointText(n.Text)
}

// KeyName returns the name under which an Ed25519 key signs checkpoints: OriginPrefix and its fingerprint.
func KeyName(key ed25519.PublicKey) string { return OriginPrefix + project.Fingerprint(key) }

// NewVerifier returns the verifier of checkpoints signed by key under KeyName(key).
func NewVerifier(key ed25519.PublicKey) (note.Verifier, error) {
	text, err := VerifierKey(key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// VerifierKey returns the key in the text form that other programs for notes take: name+hash+key.
func VerifierKey(key ed25519.PublicKey) (string, error) {
	if len(key) != ed25519.PublicKeySize {
		return "", project.Errorf(project.Invalid, "an Ed25519 key has 32 bytes")
	}
	return note.NewEd25519VerifierKey(KeyName(key), key)
}

// NewSigner returns a signer of checkpoints whose private key stays where it is: sign returns the Ed25519 signature of text by key, such as
// keys.Holder.SignCheckpoint does.
func NewSigner(key ed25519.PublicKey, sign func(text []byte) ([]byte, error)) (note.Signer, error) {
	v, err := NewVerifier(key)
	if err != nil {
		return nil, err
	}
	return signer{v, sign}, nil
}

type signer struct {
	note.Verifier
	sign func([]byte) ([]byte, error)
}

func (s signer) Sign(text []byte) ([]byte, error) { return s.sign(text) }
