package keys_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/keys"
	"hotlight/project/keys/keystest"
)

func TestMain(m *testing.M) {
	if os.Getenv("HOTLIGHT_MAKE_VAULT") == "" {
		keystest.CheapForProcess()
	}
	os.Exit(m.Run())
}

func TestWhatTheVaultHoldsSurvivesClosing(t *testing.T) {
	p := keystest.New(t, "Dr Jane Roe", project.Radiologist)
	again := keystest.Open(t, p.Vault)
	if got, want := again.Public(), p.Public(); got.ID != want.ID || got.Name != "Dr Jane Roe" || got.Role != project.Radiologist ||
		got.Recipient != want.Recipient || got.Recovery != want.Recovery {
		t.Fatalf("the public record changed: %+v", got)
	}
	if err := again.Public().Check(); err != nil {
		t.Fatal(err)
	}
	wrapped, err := keys.Wrap([]byte("a read key"), p.Public().Recipient, p.Public().Recovery)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Unwrap(wrapped); err != nil || string(got) != "a read key" {
		t.Fatalf("got %q, %v", got, err)
	}
	if info, _ := os.Stat(p.Vault); info.Mode().Perm() != 0o600 {
		t.Errorf("the vault's mode is %v, want 0600", info.Mode())
	}
}

func TestNobodyElseOpensWhatIsWrapped(t *testing.T) {
	a, b := keystest.New(t, "Dr A", project.Radiologist), keystest.New(t, "Dr B", project.Radiologist)
	wrapped, err := keys.Wrap([]byte("a read key"), a.Public().Recipient, a.Public().Recovery)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Unwrap(wrapped); !errors.Is(err, keys.ErrNotForYou) || project.KindOf(err) != project.NotPermitted {
		t.Errorf("got %v, want ErrNotForYou", err)
	}
	r, err := a.Decrypt(bytes.NewReader(wrapped))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(r); string(got) != "a read key" {
		t.Errorf("got %q", got)
	}
}

func TestNoSecretStandsInTheVaultFile(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Lead)
	b, err := os.ReadFile(p.Vault)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(p.Recovery, "AGE-SECRET-KEY-PQ-1") {
		t.Fatalf("the recovery key starts with %.20q", p.Recovery)
	}
	for _, secret := range []string{p.Recovery, "AGE-SECRET", keystest.Passphrase} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("the vault file holds %.12q", secret)
		}
	}
}

func TestAWrongPassphraseGivesOneClearSentence(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Lead)
	v, err := keys.Open(p.Vault)
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Unlock([]byte("not the passphrase"))
	if !errors.Is(err, keys.ErrPassphrase) || project.KindOf(err) != project.NotPermitted || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
}

func TestCreateRefuses(t *testing.T) {
	good := keys.Profile{Name: "Dr A", Role: project.Lead}
	pass := []byte(keystest.Passphrase)
	taken := filepath.Join(t.TempDir(), "taken")
	os.WriteFile(taken, []byte("something of mine"), 0o600)
	free := filepath.Join(t.TempDir(), "vault")
	for _, c := range []struct {
		name string
		path string
		p    keys.Profile
		pass []byte
		kind project.Kind
	}{
		{"a place where a file is", taken, good, pass, project.Conflict},
		{"a person without a name", free, keys.Profile{Name: " ", Role: project.Lead}, pass, project.Invalid},
		{"an unknown role", free, keys.Profile{Name: "Dr A", Role: "boss"}, pass, project.Invalid},
		{"a short passphrase", free, good, []byte("seven.7"), project.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := keys.Create(c.path, c.p, c.pass); project.KindOf(err) != c.kind {
				t.Errorf("got %v, want kind %v", err, c.kind)
			}
		})
	}
	if b, _ := os.ReadFile(taken); string(b) != "something of mine" {
		t.Errorf("the file that was there is now %q", b)
	}
	if _, err := os.Lstat(free); err == nil {
		t.Error("a refused vault left a file")
	}
}

func TestRecoverGivesTheSamePersonANewPassphrase(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Lead)
	other := keystest.New(t, "Dr B", project.Lead)
	v, err := keys.Open(p.Vault)
	if err != nil {
		t.Fatal(err)
	}
	next := []byte("another passphrase")
	if err := v.Recover(other.Recovery, next); !errors.Is(err, keys.ErrRecovery) {
		t.Errorf("another person's recovery key gives %v", err)
	}
	misread := p.Recovery[:30] + "Q" + p.Recovery[31:]
	if misread == p.Recovery {
		misread = p.Recovery[:30] + "P" + p.Recovery[31:]
	}
	if err := v.Recover(misread, next); project.KindOf(err) != project.Invalid {
		t.Errorf("a misread letter gives %v", err)
	}
	// As typed from paper: lower case, in groups.
	typed := strings.ToLower(p.Recovery[:20]) + "  " + strings.ToLower(p.Recovery[20:50]) + "\n" + strings.ToLower(p.Recovery[50:])
	if err := v.Recover(typed, next); err != nil {
		t.Fatal(err)
	}
	v, err = keys.Open(p.Vault)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Unlock([]byte(keystest.Passphrase)); !errors.Is(err, keys.ErrPassphrase) {
		t.Errorf("the old passphrase gives %v", err)
	}
	h, err := v.Unlock(next)
	if err != nil {
		t.Fatal(err)
	}
	if h.ReaderID() != p.ReaderID() || h.DeviceID() != p.DeviceID() {
		t.Error("another person came back")
	}
	if err := v.Recover(p.Recovery, []byte(keystest.Passphrase)); err != nil {
		t.Errorf("the recovery key is good once only: %v", err)
	}
}

func TestChangePassphrase(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Lead)
	v, _ := keys.Open(p.Vault)
	next := []byte("another passphrase")
	if err := v.ChangePassphrase([]byte("not the old one"), next); !errors.Is(err, keys.ErrPassphrase) {
		t.Errorf("a wrong old passphrase gives %v", err)
	}
	if err := v.ChangePassphrase([]byte(keystest.Passphrase), next); err != nil {
		t.Fatal(err)
	}
	again, _ := keys.Open(p.Vault)
	if _, err := again.Unlock(next); err != nil {
		t.Fatal(err)
	}
	if err := again.Recover(p.Recovery, next); err != nil {
		t.Errorf("the recovery key no longer opens the vault: %v", err)
	}
}

// A passphrase has one meaning however the keyboard composes its letters.
func TestAPassphraseIsTheSameInEitherUnicodeForm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	if _, err := keys.Create(path, keys.Profile{Name: "Dr A", Role: project.Lead}, []byte("Schlüssel")); err != nil {
		t.Fatal(err)
	}
	v, _ := keys.Open(path)
	if _, err := v.Unlock([]byte("Schlu\u0308ssel")); err != nil {
		t.Error(err)
	}
}

// Every bit of the file is either refused by Open or by Unlock: there is nothing in it that can change unseen.
func TestEveryFlippedBitOfTheVaultIsRefused(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	p := keystest.New(t, "Dr A", project.Lead)
	good, err := os.ReadFile(p.Vault)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "vault")
	for n := range 1500 {
		bad := bytes.Clone(good)
		bit := rng.IntN(8 * len(bad))
		bad[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := keys.Open(path)
		if err != nil {
			continue
		}
		// A flip in the key derivation's parameters may ask for much; the bounds keep it from being absurd, the test keeps it short.
		if bytes.Contains(bad[:min(bit/8+40, len(bad))], []byte(`"kdf"`)) && bit/8 < bytes.Index(good, []byte(`"salt"`)) && bit/8 > bytes.Index(good, []byte(`"kdf"`)) {
			continue
		}
		keys.ForgiveGuesses(v.Public().ID)
		if _, err := v.Unlock([]byte(keystest.Passphrase)); err == nil {
			t.Fatalf("flip %d: bit %d of byte %d changed unseen", n, bit%8, bit/8)
		}
	}
	keys.ForgiveGuesses(p.ReaderID())
}

// testdata/vault-1 was made by the first release; it must open for ever.
func TestTheReleasedVaultStillOpens(t *testing.T) {
	v, err := keys.Open(filepath.Join("testdata", "vault-1"))
	if err != nil {
		t.Fatal(err)
	}
	h, err := v.Unlock([]byte(keystest.Passphrase))
	if err != nil {
		t.Fatal(err)
	}
	if h.Public().Name != "Released One" || h.Public().Role != project.Radiologist {
		t.Errorf("got %+v", h.Public())
	}
}

func TestANewerVaultIsRefusedWithAClearSentence(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault")
	os.WriteFile(path, []byte(`{"hotlight_vault":2,"post_quantum_signatures":true}`), 0o600)
	if _, err := keys.Open(path); project.KindOf(err) != project.Unsupported || !strings.Contains(err.Error(), "newer Hotlight") {
		t.Errorf("got %v", err)
	}
}

func FuzzVaultFile(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"hotlight_vault":1}`, `{"hotlight_vault":2}`} {
		f.Add([]byte(seed))
	}
	if b, err := os.ReadFile(filepath.Join("testdata", "vault-1")); err == nil {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := keys.ReparseVault(b)
		if err == nil && !bytes.Equal(out, b) {
			t.Fatal("a vault file was accepted that does not re-encode to itself")
		}
	})
}
