package project

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
)

// StudyUID is Study Instance UID (0020,000D).
type StudyUID string

// SeriesUID is Series Instance UID (0020,000E).
type SeriesUID string

// InstanceUID is SOP Instance UID (0008,0018).
type InstanceUID string

// ClassUID is SOP Class UID (0008,0016).
type ClassUID string

// FrameOfReference is Frame of Reference UID (0020,0052). Points of two images may be compared only if it is equal and not empty.
type FrameOfReference string

// Modality is (0008,0060) as coded: CT, MR, PT, DX, CR, US, MG ...
type Modality string

// ReaderID names a person by key: the fingerprint of the person's Ed25519 signing key, see Fingerprint.
type ReaderID string

// DeviceID names an installation by key: the fingerprint of its Ed25519 device key.
type DeviceID string

// ItemID names a work item within a project. It is an HMAC (see NewItemID), so it carries nothing of the patient.
type ItemID string

// ReadID names one read; random, see RandomID in the packages that make them.
type ReadID string

// Hash is a SHA-256 digest. Its text form is 64 lower-case hexadecimal digits.
type Hash [sha256.Size]byte

// HashOf returns the SHA-256 of b.
func HashOf(b []byte) Hash { return sha256.Sum256(b) }

// ParseHash reads the text form. Upper case is refused: a digest has one spelling.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) || strings.ToLower(s) != s {
		return h, Errorf(Invalid, "a SHA-256 is 64 lower-case hexadecimal digits, this has %d characters", len(s))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, Errorf(Invalid, "a SHA-256 is 64 lower-case hexadecimal digits")
	}
	return h, nil
}

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether h is all zero, which no digest of ours is.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(b []byte) error {
	v, err := ParseHash(string(b))
	if err != nil {
		return err
	}
	*h = v
	return nil
}

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Fingerprint returns the short name of an Ed25519 public key: the first 16 bytes of its SHA-256, in lower-case base32 (26 characters).
// It is what ReaderID and DeviceID hold.
func Fingerprint(publicKey []byte) string {
	sum := sha256.Sum256(publicKey)
	return base32Lower.EncodeToString(sum[:16])
}

// ShortFingerprint is the form for people: the first 8 characters in two groups, upper case, such as "7D2A 41C0".
func ShortFingerprint(id string) string {
	if len(id) < 8 {
		return strings.ToUpper(id)
	}
	return strings.ToUpper(id[:4] + " " + id[4:8])
}

// NewItemID derives the work item of a study under a project. Everybody who holds caseKey gets the same ID for the same study;
// nobody else can find the study from it.
func NewItemID(caseKey []byte, study StudyUID) ItemID {
	mac := hmac.New(sha256.New, caseKey)
	fmt.Fprintf(mac, "hotlight item\x00%s", study)
	return ItemID(base32Lower.EncodeToString(mac.Sum(nil)[:16]))
}
