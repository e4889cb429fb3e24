// Package keystest makes people for tests: real vaults and real keys, with a passphrase that costs nothing to derive.
package keystest

import (
	"path/filepath"
	"testing"

	"hotlight/project"
	"hotlight/project/keys"
	"hotlight/project/keys/internal/cost"
)

// Passphrase opens every vault that this package makes.
const Passphrase = "a passphrase for tests"

// Cheap makes key derivation cost nothing in this process until the test ends.
func Cheap(t testing.TB) { t.Cleanup(CheapForProcess()) }

// CheapForProcess is Cheap for a TestMain and for a program that a test runs; the function that it returns ends it.
func CheapForProcess() (restore func()) {
	return cost.Set(cost.Argon2{MemoryKiB: 16, Time: 1, Threads: 1})
}

// Person is somebody with a vault.
type Person struct {
	*keys.Holder
	Vault    string // path of the vault file
	Recovery string // the recovery key as it would be printed
}

// New makes a person in a directory of the test's own.
func New(t testing.TB, name string, role project.Role) *Person {
	t.Helper()
	return NewAt(t, filepath.Join(t.TempDir(), "vault"), name, role)
}

// NewAt makes a person whose vault is at path.
func NewAt(t testing.TB, path, name string, role project.Role) *Person {
	t.Helper()
	defer CheapForProcess()()
	recovery, err := keys.Create(path, keys.Profile{Name: name, Role: role}, []byte(Passphrase))
	if err != nil {
		t.Fatalf("make a vault for a test: %v", err)
	}
	return &Person{Holder: Open(t, path), Vault: path, Recovery: recovery}
}

// Open unlocks the vault at path, which New or NewAt made.
func Open(t testing.TB, path string) *keys.Holder {
	t.Helper()
	v, err := keys.Open(path)
	if err != nil {
		t.Fatalf("open a vault for a test: %v", err)
	}
	h, err := v.Unlock([]byte(Passphrase))
	if err != nil {
		t.Fatalf("unlock a vault for a test: %v", err)
	}
	return h
}
