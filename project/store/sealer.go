package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"hotlight/project/keys"
)

const keySize = 32

// storeID names one store; it is in clear in all its files.
type storeID [16]byte

// sealer seals values under one key: the store's, a study's or a read's. It derives a key of its own for each bucket.
type sealer struct {
	id    storeID
	mu    sync.Mutex
	key   []byte
	aeads map[byte]cipher.AEAD
}

func newSealer(id storeID, key []byte) *sealer {
	return &sealer{id: id, key: key, aeads: map[byte]cipher.AEAD{}}
}

func (s *sealer) derive(what string) []byte {
	key, err := hkdf.Key(sha256.New, s.key, nil, "hotlight store "+what, keySize)
	if err != nil {
		panic("store: derive 32 bytes: " + err.Error())
	}
	return key
}

func (s *sealer) aead(b bucket) cipher.AEAD {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key == nil {
		return nil
	}
	if a := s.aeads[byte(b)]; a != nil {
		return a
	}
	block, err := aes.NewCipher(s.derive(string(rune(b))))
	if err != nil {
		panic("store: a key of 32 bytes is always taken: " + err.Error())
	}
	a, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("store: AES always has GCM: " + err.Error())
	}
	s.aeads[byte(b)] = a
	return a
}

// seal returns plain sealed for its row; it opens nowhere else. Only the writing goroutine calls it, which also wipes: never after wipe.
func (s *sealer) seal(b bucket, row, plain []byte) []byte {
	return s.aead(b).Seal(nil, nil, plain, s.place(b, row))
}

// open returns the plaintext of a value, or a Corrupt error.
func (s *sealer) open(b bucket, row, sealed []byte) ([]byte, error) {
	aead := s.aead(b)
	if aead == nil {
		return nil, keys.ErrLocked // wiped between being fetched and being used
	}
	plain, err := aead.Open(nil, nil, sealed, s.place(b, row))
	if err != nil {
		return nil, damaged("%s: the seal does not hold", b)
	}
	return plain, nil
}

// place is the additional data: which schema, store, bucket and row.
func (s *sealer) place(b bucket, row []byte) []byte {
	out := make([]byte, 0, 64)
	out = append(out, "hotlight store\x00"...)
	out = binary.BigEndian.AppendUint32(out, Schema)
	out = append(out, s.id[:]...)
	out = append(out, byte(b))
	return append(out, row...)
}

// name turns a text into a row that tells nothing.
func (s *sealer) name(kind, text string) []byte {
	mac := hmac.New(sha256.New, s.derive("names"))
	mac.Write([]byte(kind + "\x00" + text))
	return mac.Sum(nil)[:16]
}

// wipe overwrites the key. The derived ones inside the ciphers cannot be reached; they are dropped.
func (s *sealer) wipe() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.key)
	s.key, s.aeads = nil, nil
}

func newKey() []byte { return random(keySize) }

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}
