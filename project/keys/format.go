package keys

import (
	"bytes"
	"encoding/json"

	"hotlight/project"
)

// vaultVersion is the one version that this program reads and writes.
const vaultVersion = 1

// maxVault bounds what is read of a vault file. A real one has about 8 KiB: two recipients and one age header.
const maxVault = 64 << 10

// vaultFile is the file as it stands; see KEYS.md.
type vaultFile struct {
	Version  int            `json:"hotlight_vault"`
	Public   project.Reader `json:"public"`
	KDF      kdf            `json:"kdf"`
	Recovery []byte         `json:"recovery"`
	Sealed   []byte         `json:"sealed"`
}

func (f *vaultFile) marshal() []byte { return mustJSON(f) }

// header is the additional data of the passphrase seal: all of the file but the seal itself.
func (f *vaultFile) header() []byte {
	open := *f
	open.Sealed = []byte{}
	return append([]byte("hotlight vault 1\x00"), open.marshal()...)
}

func parseVault(b []byte) (*vaultFile, error) {
	if len(b) > maxVault {
		return nil, project.Errorf(project.Invalid, "this is not a vault file: it is too large")
	}
	var version struct {
		Version int `json:"hotlight_vault"`
	}
	if err := json.Unmarshal(b, &version); err != nil || version.Version < 1 {
		return nil, project.Errorf(project.Invalid, "this is not a vault file")
	}
	if version.Version > vaultVersion {
		return nil, project.Errorf(project.Unsupported, "this vault has version %d and needs a newer Hotlight; this one knows version %d", version.Version, vaultVersion)
	}
	var f vaultFile
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, project.Errorf(project.Corrupt, "the vault file is damaged")
	}
	if !bytes.Equal(f.marshal(), b) {
		return nil, project.Errorf(project.Corrupt, "the vault file is damaged or was edited")
	}
	if err := f.Public.Check(); err != nil {
		return nil, project.Errorf(project.Corrupt, "the vault's public record: %w", err)
	}
	return &f, f.KDF.check()
}

// mustJSON marshals what always marshals: structs of strings, numbers and byte strings. HTML escaping stays on; it is part of the one spelling.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("keys: marshal a record of strings: " + err.Error())
	}
	return b
}
