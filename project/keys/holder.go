package keys

import (
	"crypto/ed25519"
	"errors"
	"io"
	"sync"
	"time"

	"hotlight/project"
)

// Holder is an unlocked vault: it signs and decrypts and never hands a key out. After Lock, whether by hand or by the idle clock, every use
// gives ErrLocked until Unlock. Its methods may be called from several goroutines.
type Holder struct {
	vault  *Vault
	public project.Reader
	idle   idleClock

	mu        sync.RWMutex
	secrets   *secrets // nil while locked
	confirmed time.Time
}

// confirmFor is how long a passphrase given for a signature stays good.
const confirmFor = 5 * time.Minute

func newHolder(v *Vault, s *secrets) *Holder {
	h := &Holder{vault: v, public: v.Public(), secrets: s}
	h.idle.lock = h.Lock
	return h
}

// ReaderID returns the fingerprint of the person's signing key.
func (h *Holder) ReaderID() project.ReaderID { return h.public.ID }

// DeviceID returns the fingerprint of the installation's key.
func (h *Holder) DeviceID() project.DeviceID {
	return project.DeviceID(project.Fingerprint(h.public.DeviceKey))
}

// Public returns the person's public record, authenticated by the passphrase.
func (h *Holder) Public() project.Reader { return cloned(h.public) }

// KeyID returns the signing key's fingerprint. With Sign it makes the holder a project.EnvelopeSigner for its person.
func (h *Holder) KeyID() string { return string(h.public.ID) }

// Sign signs PAE(payloadType, body) as the person. A body of project.SignedReadType needs Confirm before each signature, else ErrConfirm.
func (h *Holder) Sign(payloadType string, body []byte) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.secrets == nil {
		return nil, ErrLocked
	}
	if payloadType == project.SignedReadType {
		if h.confirmed.IsZero() || time.Since(h.confirmed) > confirmFor {
			return nil, ErrConfirm
		}
		h.confirmed = time.Time{}
	}
	return ed25519.Sign(h.secrets.signing, project.PAE(payloadType, body)), nil
}

// Person signs with the person's key, like the holder itself.
func (h *Holder) Person() project.EnvelopeSigner { return h }

// Device signs with the installation's key.
func (h *Holder) Device() project.EnvelopeSigner { return device{h} }

type device struct{ h *Holder }

func (d device) KeyID() string { return string(d.h.DeviceID()) }

func (d device) Sign(payloadType string, body []byte) ([]byte, error) {
	// What a person answers for is never signed by a machine alone.
	if payloadType == project.SignedReadType || payloadType == project.DefinitionType {
		return nil, project.Errorf(project.NotPermitted, "a device does not sign for a person")
	}
	return d.h.deviceSign(project.PAE(payloadType, body))
}

func (h *Holder) deviceSign(message []byte) ([]byte, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.secrets == nil {
		return nil, ErrLocked
	}
	return ed25519.Sign(h.secrets.device, message), nil
}

// Decrypt opens an age message that is sealed to the person. The reader releases text before it has seen the end: nothing of it may be
// acted on before io.EOF.
func (h *Holder) Decrypt(src io.Reader) (io.Reader, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.secrets == nil {
		return nil, ErrLocked
	}
	return decrypt(src, h.secrets.identity)
}

// Unwrap opens what Wrap sealed to the person.
func (h *Holder) Unwrap(wrapped []byte) ([]byte, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.secrets == nil {
		return nil, ErrLocked
	}
	return unwrap(wrapped, h.secrets.identity)
}

// Confirm asks for the passphrase again and lets one read be signed within five minutes. A wrong one gives ErrPassphrase and counts as a guess.
func (h *Holder) Confirm(passphrase []byte) error {
	if h.Locked() {
		return ErrLocked
	}
	s, err := h.vault.open(passphrase)
	if err != nil {
		return err
	}
	s.wipe()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.confirmed = time.Now()
	return nil
}

// Lock overwrites the keys as far as that is possible (KEYS.md). It waits for a use in progress. The idle callback is not called.
func (h *Holder) Lock() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.secrets != nil {
		h.secrets.wipe()
		h.secrets = nil
	}
	h.confirmed = time.Time{}
}

// Locked reports whether the keys are gone.
func (h *Holder) Locked() bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.secrets == nil
}

// Unlock makes a locked holder usable again, for everybody who has it.
func (h *Holder) Unlock(passphrase []byte) error {
	s, err := h.vault.open(passphrase)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.secrets != nil {
		h.secrets.wipe()
	}
	h.secrets = s
	h.idle.touched()
	return nil
}

// SignCheckpoint signs the text of an audit log's checkpoint with the installation's key, for audit.NewSigner. Any other text is refused.
func (h *Holder) SignCheckpoint(text []byte) ([]byte, error) {
	if !isCheckpoint(text) {
		return nil, project.Errorf(project.NotPermitted, "this is not a checkpoint")
	}
	return h.deviceSign(text)
}

// IsWrongPassphrase reports whether err says that the passphrase was wrong, so that it is worth asking again.
func IsWrongPassphrase(err error) bool { return errors.Is(err, ErrPassphrase) }
