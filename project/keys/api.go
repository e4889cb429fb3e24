package keys

import (
	"io"
	"time"

	"hotlight/project"
)

// Signatures promised to the flows; this file goes as the bodies land.

type (
	Vault  struct{}
	Holder struct{}
)

func Create(path string, p Profile, passphrase []byte) (recoveryKey string, err error) { panic("soon") }
func Open(path string) (*Vault, error)                                                 { panic("soon") }
func (v *Vault) Public() project.Reader                                                { panic("soon") }
func (v *Vault) Unlock(passphrase []byte) (*Holder, error)                             { panic("soon") }
func (v *Vault) Recover(recoveryKey string, newPassphrase []byte) error                { panic("soon") }
func (v *Vault) ChangePassphrase(old, new []byte) error                                { panic("soon") }

func (h *Holder) ReaderID() project.ReaderID { panic("soon") }
func (h *Holder) DeviceID() project.DeviceID { panic("soon") }
func (h *Holder) Public() project.Reader     { panic("soon") }
func (h *Holder) KeyID() string              { panic("soon") } // the person's
// Sign signs as the person. A body of project.SignedReadType needs Confirm before each.
func (h *Holder) Sign(payloadType string, body []byte) ([]byte, error) { panic("soon") }
func (h *Holder) Person() project.EnvelopeSigner                       { panic("soon") }
func (h *Holder) Device() project.EnvelopeSigner                       { panic("soon") }
func (h *Holder) SignCheckpoint(text []byte) ([]byte, error)           { panic("soon") } // device key over a log checkpoint's text, for audit
func (h *Holder) Decrypt(src io.Reader) (io.Reader, error)             { panic("soon") } // age
func (h *Holder) Unwrap(wrapped []byte) ([]byte, error)                { panic("soon") } // what Wrap made
func (h *Holder) Confirm(passphrase []byte) error                      { panic("soon") }
func (h *Holder) Lock()                                                { panic("soon") }
func (h *Holder) Locked() bool                                         { panic("soon") }
func (h *Holder) Unlock(passphrase []byte) error                       { panic("soon") } // the same holder again, after Lock
func (h *Holder) LockAfter(idle time.Duration, onLock func())          { panic("soon") }
func (h *Holder) Touch()                                               { panic("soon") }

func Wrap(secret []byte, recipients ...string) ([]byte, error) { panic("soon") }
func CheckRecipient(recipient string) error                    { panic("soon") }

// package keystest (below keys): New(t, name, role) *keys.Holder with cheap key derivation; Cheap(t) for tests that call keys.Create.
