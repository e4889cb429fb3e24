package keys

import (
	"hotlight/project"
)

// Profile is what a person says of themselves when the vault is made. Both stand in the public record and cannot be changed in it.
type Profile struct {
	Name string // printed name, as it stands in signatures
	Role project.Role
}

// Errors that callers decide on.
var (
	// ErrPassphrase is a wrong passphrase.
	ErrPassphrase = &project.Error{Kind: project.NotPermitted, Text: "this passphrase does not open the vault"}
	// ErrRecovery is a recovery key of another vault.
	ErrRecovery = &project.Error{Kind: project.NotPermitted, Text: "this recovery key does not open the vault"}
	// ErrLocked is any use of a locked holder's keys.
	ErrLocked = &project.Error{Kind: project.Locked, Text: "the vault is locked; enter the passphrase"}
	// ErrNotForYou is a decryption of something that is sealed to others.
	ErrNotForYou = &project.Error{Kind: project.NotPermitted, Text: "this is not sealed to you"}
	// ErrConfirm is the signing of a read without the passphrase.
	ErrConfirm = &project.Error{Kind: project.NotPermitted, Text: "signing a read needs the passphrase again"}
)

// MinPassphrase is the least number of bytes of a passphrase.
const MinPassphrase = 8
