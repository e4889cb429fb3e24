package keys_test

import (
	"os"
	"testing"

	"hotlight/project"
	"hotlight/project/keys"
	"hotlight/project/keys/keystest"
)

// TestMakeReleasedVault makes testdata's vault of a new version, at the standard cost. It never overwrites one.
func TestMakeReleasedVault(t *testing.T) {
	path := os.Getenv("HOTLIGHT_MAKE_VAULT")
	if path == "" {
		t.Skip("set HOTLIGHT_MAKE_VAULT to a path to make a vault for testdata")
	}
	if _, err := keys.Create(path, keys.Profile{Name: "Released One", Role: project.Radiologist}, []byte(keystest.Passphrase)); err != nil {
		t.Fatal(err)
	}
}
