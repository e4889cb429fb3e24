package keys

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"

	"filippo.io/age"

	"hotlight/project"
)

// secretsFile is the plaintext of both seals.
type secretsFile struct {
	SigningSeed []byte       `json:"signing_seed"`
	Decryption  string       `json:"decryption"`
	DeviceSeed  []byte       `json:"device_seed"`
	Public      project.Hash `json:"public"` // of the public record's JSON
}

// secrets are a person's private keys in use.
type secrets struct {
	signing, device ed25519.PrivateKey
	identity        *age.HybridIdentity
}

// wipe overwrites what can be; see KEYS.md.
func (s *secrets) wipe() {
	clear(s.signing)
	clear(s.device)
	s.identity = nil
}

// parseSecrets reads the plaintext of a seal and holds it against the public record: the keys must be those that the record names.
func parseSecrets(plain []byte, public project.Reader) (*secrets, error) {
	var f secretsFile
	defer func() { clear(f.SigningSeed); clear(f.DeviceSeed) }()
	damaged := project.Errorf(project.Corrupt, "the vault's secrets do not belong to its public record")
	if json.Unmarshal(plain, &f) != nil || len(f.SigningSeed) != ed25519.SeedSize || len(f.DeviceSeed) != ed25519.SeedSize {
		return nil, damaged
	}
	identity, err := age.ParseHybridIdentity(f.Decryption)
	if err != nil {
		return nil, damaged
	}
	s := &secrets{signing: ed25519.NewKeyFromSeed(f.SigningSeed), device: ed25519.NewKeyFromSeed(f.DeviceSeed), identity: identity}
	if f.Public != publicHash(public) || identity.Recipient().String() != public.Recipient ||
		!bytes.Equal(s.signing.Public().(ed25519.PublicKey), public.SigningKey) ||
		!bytes.Equal(s.device.Public().(ed25519.PublicKey), public.DeviceKey) {
		s.wipe()
		return nil, damaged
	}
	return s, nil
}

func publicHash(public project.Reader) project.Hash { return project.HashOf(mustJSON(public)) }
