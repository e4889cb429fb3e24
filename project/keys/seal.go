package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"hotlight/project"
	"hotlight/project/keys/internal/cost"
)

// kdf says how the passphrase becomes a key.
type kdf struct {
	Name      string `json:"name"`
	MemoryKiB uint32 `json:"memory_kib"`
	Time      uint32 `json:"time"`
	Threads   uint8  `json:"threads"`
	Salt      []byte `json:"salt"`
}

const (
	kdfName      = "argon2id"
	saltSize     = 16
	maxMemoryKiB = 1 << 20 // 1 GiB
	maxTime      = 16
	maxThreads   = 16
)

func newKDF() kdf {
	c := cost.Current()
	return kdf{Name: kdfName, MemoryKiB: c.MemoryKiB, Time: c.Time, Threads: c.Threads, Salt: random(saltSize)}
}

// check refuses parameters before they cost memory or time.
func (k kdf) check() error {
	switch {
	case k.Name != kdfName:
		return project.Errorf(project.Unsupported, "the vault's key derivation %q is not known here", k.Name)
	case k.MemoryKiB > maxMemoryKiB, k.Time < 1, k.Time > maxTime, k.Threads < 1, k.Threads > maxThreads,
		k.MemoryKiB < 8*uint32(k.Threads), len(k.Salt) != saltSize:
		return project.Errorf(project.Corrupt, "the vault's key derivation parameters are out of bounds")
	}
	return nil
}

// key derives the sealing key. NFC, so that a passphrase typed on another system's keyboard is the same passphrase.
func (k kdf) key(passphrase []byte) []byte {
	normal := norm.NFC.Append(nil, passphrase...) // Bytes may return the caller's own slice, which is not ours to clear
	defer clear(normal)
	return argon2.IDKey(normal, k.Salt, k.Time, k.MemoryKiB, k.Threads, 32)
}

func (k kdf) seal(passphrase, plain, header []byte) []byte {
	key := k.key(passphrase)
	defer clear(key)
	return gcm(key).Seal(nil, nil, plain, header)
}

func (k kdf) open(passphrase, sealed, header []byte) ([]byte, error) {
	key := k.key(passphrase)
	defer clear(key)
	return gcm(key).Open(nil, nil, sealed, header)
}

// gcm is AES-256-GCM that makes its own random nonce and puts it in front.
func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("keys: a key of 32 bytes is always taken: " + err.Error())
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("keys: AES always has GCM: " + err.Error())
	}
	return aead
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails; the program ends if the system has no randomness
	return b
}
