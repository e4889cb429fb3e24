package keys

import (
	"bytes"
	"crypto/ed25519"
	"crypto/fips140"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"

	"filippo.io/age"

	"hotlight/project"
	"hotlight/project/atomicfile"
)

// Vault is a vault file. Its methods may be called from several goroutines.
type Vault struct {
	path string
	mu   sync.Mutex // guards file
	file *vaultFile
}

// Create makes a person: new keys in a new vault file at path, sealed by passphrase, which has at least MinPassphrase bytes. It returns the
// recovery key, which is to be printed and is not kept anywhere. It fails with Conflict if something is at path.
func Create(path string, p Profile, passphrase []byte) (recoveryKey string, err error) {
	if err := checkNew(path, p, passphrase); err != nil {
		return "", err
	}
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", project.Errorf(project.Other, "make a decryption key: %w", err)
	}
	recovery, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", project.Errorf(project.Other, "make a recovery key: %w", err)
	}
	seeds := random(2 * ed25519.SeedSize)
	defer clear(seeds)
	signing, device := seeds[:ed25519.SeedSize], seeds[ed25519.SeedSize:]
	public := publicRecord(p, signing, device, identity, recovery)
	plain := mustJSON(secretsFile{SigningSeed: signing, Decryption: identity.String(), DeviceSeed: device, Public: publicHash(public)})
	defer clear(plain)

	file := &vaultFile{Version: vaultVersion, Public: public}
	if file.Recovery, err = Wrap(plain, public.Recovery); err != nil {
		return "", err
	}
	file.KDF = newKDF()
	file.Sealed = file.KDF.seal(passphrase, plain, file.header())
	if err := writeVault(path, file); err != nil {
		return "", err
	}
	return recovery.String(), nil
}

func checkNew(path string, p Profile, passphrase []byte) error {
	if strings.TrimSpace(p.Name) == "" {
		return project.Errorf(project.Invalid, "a person needs a printed name")
	}
	if len(p.Name) > 256 {
		return project.Errorf(project.Invalid, "the printed name is longer than 256 bytes")
	}
	if !p.Role.Valid() {
		return project.Errorf(project.Invalid, "%q is not a role (annotator, radiologist, adjudicator, lead)", p.Role)
	}
	if err := checkPassphrase(passphrase); err != nil {
		return err
	}
	// Measured: in this mode the generator of hybrid keys never returns.
	if fips140.Enforced() {
		return project.Errorf(project.Unsupported, "in FIPS 140-3 only mode this version of the vault cannot be made")
	}
	if _, err := os.Lstat(path); err == nil {
		return project.Errorf(project.Conflict, "there is a file at the vault's place already; it was not touched")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return project.Errorf(project.Other, "look for the vault: %w", withoutPath(err))
	}
	return nil
}

func checkPassphrase(p []byte) error {
	if len(p) < MinPassphrase {
		return project.Errorf(project.Invalid, "a passphrase needs at least %d characters", MinPassphrase)
	}
	return nil
}

func publicRecord(p Profile, signing, device []byte, identity, recovery *age.HybridIdentity) project.Reader {
	key := ed25519.NewKeyFromSeed(signing).Public().(ed25519.PublicKey)
	return project.Reader{
		ID:         project.ReaderID(project.Fingerprint(key)),
		Name:       p.Name,
		Role:       p.Role,
		SigningKey: key,
		Recipient:  identity.Recipient().String(),
		Recovery:   recovery.Recipient().String(),
		DeviceKey:  ed25519.NewKeyFromSeed(device).Public().(ed25519.PublicKey),
	}
}

func writeVault(path string, f *vaultFile) error {
	if err := atomicfile.Write(path, f.marshal(), 0o600); err != nil {
		return project.Errorf(project.Other, "write the vault: %w", err)
	}
	return nil
}

// Open reads the vault file at path: the public part only, which is authentic once Unlock succeeds.
func Open(path string) (*Vault, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, project.Errorf(project.NotFound, "there is no vault file there")
	} else if err != nil {
		return nil, project.Errorf(project.Other, "open the vault: %w", withoutPath(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxVault+1))
	if err != nil {
		return nil, project.Errorf(project.Other, "read the vault: %w", withoutPath(err))
	}
	file, err := parseVault(b)
	if err != nil {
		return nil, err
	}
	return &Vault{path: path, file: file}, nil
}

// Public returns the person's public record.
func (v *Vault) Public() project.Reader {
	v.mu.Lock()
	defer v.mu.Unlock()
	return cloned(v.file.Public)
}

func cloned(r project.Reader) project.Reader {
	r.SigningKey, r.DeviceKey = bytes.Clone(r.SigningKey), bytes.Clone(r.DeviceKey)
	return r
}

// Unlock returns the vault's holder. A wrong passphrase gives ErrPassphrase; after several, Busy says how long to wait.
func (v *Vault) Unlock(passphrase []byte) (*Holder, error) {
	s, err := v.open(passphrase)
	if err != nil {
		return nil, err
	}
	return newHolder(v, s), nil
}

// open derives the secrets, under the guard that slows guessing.
func (v *Vault) open(passphrase []byte) (s *secrets, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	plain, err := v.openSeal(passphrase)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	return parseSecrets(plain, v.file.Public)
}

// openSeal returns the plaintext of the passphrase seal. The caller holds v.mu and clears it.
func (v *Vault) openSeal(passphrase []byte) (plain []byte, err error) {
	err = guardOf(v.file.Public.ID).try(func() error {
		plain, err = v.file.KDF.open(passphrase, v.file.Sealed, v.file.header())
		if err != nil {
			// A damaged seal looks the same: without the key nobody can tell the two apart.
			return ErrPassphrase
		}
		return nil
	})
	return plain, err
}

// ChangePassphrase seals the vault by next. The recovery key stays good.
func (v *Vault) ChangePassphrase(old, next []byte) error {
	if err := checkPassphrase(next); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	plain, err := v.openSeal(old)
	if err != nil {
		return err
	}
	defer clear(plain)
	return v.reseal(plain, next)
}

// Recover seals the vault by newPassphrase, with the recovery key that Create returned. Spaces and line breaks in it do not matter.
func (v *Vault) Recover(recoveryKey string, newPassphrase []byte) error {
	if err := checkPassphrase(newPassphrase); err != nil {
		return err
	}
	identity, err := age.ParseHybridIdentity(strings.ToUpper(strings.Join(strings.Fields(recoveryKey), "")))
	if err != nil {
		return project.Errorf(project.Invalid, "this is not a recovery key; a letter may be misread")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if identity.Recipient().String() != v.file.Public.Recovery {
		return ErrRecovery
	}
	plain, err := unwrap(v.file.Recovery, identity)
	if err != nil {
		return project.Errorf(project.Corrupt, "the vault's recovery seal is damaged")
	}
	defer clear(plain)
	s, err := parseSecrets(plain, v.file.Public)
	if err != nil {
		return err
	}
	s.wipe()
	return v.reseal(plain, newPassphrase)
}

// reseal writes the vault with a new passphrase, a new salt and a new nonce. The caller holds v.mu.
func (v *Vault) reseal(plain, passphrase []byte) error {
	next := *v.file
	next.KDF = newKDF()
	next.Sealed = next.KDF.seal(passphrase, plain, next.header())
	if err := writeVault(v.path, &next); err != nil {
		return err
	}
	v.file = &next
	guardOf(next.Public.ID).reset()
	return nil
}

// withoutPath drops the file name from an error of package os: it may be a person's name.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
