package keys_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/keys"
	"hotlight/project/keys/keystest"
)

func TestSignaturesAreOverTypedBodies(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Radiologist)
	e, err := project.SignEnvelope("application/x", []byte("body"), p.Person(), p.Device())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Verify("application/x", p.Public().SigningKey, p.Public().DeviceKey); err != nil {
		t.Error(err)
	}
	if e.Signatures[0].KeyID != string(p.ReaderID()) || e.Signatures[1].KeyID != string(p.DeviceID()) {
		t.Errorf("the key ids are %q and %q", e.Signatures[0].KeyID, e.Signatures[1].KeyID)
	}
	if ed25519.Verify(p.Public().SigningKey, []byte("body"), e.Signatures[0].Sig) {
		t.Error("the body was signed without its type")
	}
}

func TestAReadIsSignedOncePerPassphrase(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Radiologist)
	body := []byte("{}")
	if _, err := p.Sign(project.SignedReadType, body); !errors.Is(err, keys.ErrConfirm) {
		t.Fatalf("without the passphrase: %v", err)
	}
	if err := p.Confirm([]byte("not the passphrase")); !errors.Is(err, keys.ErrPassphrase) {
		t.Fatalf("a wrong passphrase: %v", err)
	}
	if _, err := p.Sign(project.SignedReadType, body); !errors.Is(err, keys.ErrConfirm) {
		t.Fatalf("after a wrong passphrase: %v", err)
	}
	if err := p.Confirm([]byte(keystest.Passphrase)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Sign(project.SignedReadType, body); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Sign(project.SignedReadType, body); !errors.Is(err, keys.ErrConfirm) {
		t.Fatalf("a second read on one passphrase: %v", err)
	}
	for _, typ := range []string{project.SignedReadType, project.DefinitionType} {
		if _, err := p.Device().Sign(typ, body); project.KindOf(err) != project.NotPermitted {
			t.Errorf("the device signs %s: %v", typ, err)
		}
	}
}

func TestOnlyCheckpointsAreSignedAsNotes(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Radiologist)
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for text, ok := range map[string]bool{
		"hotlight/log\n0\n" + root + "\n":        true,
		"hotlight/log\n12\n" + root + "\n":       true,
		"hotlight/log\n012\n" + root + "\n":      false,
		"hotlight/log\n-1\n" + root + "\n":       false,
		"hotlight/log\n12\n" + root + "\nmore\n": false,
		"hotlight/log\n12\nAAAA\n":               false,
		"example.org/log\n12\n" + root + "\n":    false,
		"DSSEv1 1 x 1 y":                         false,
		"":                                       false,
	} {
		sig, err := p.SignCheckpoint([]byte(text))
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
		if ok && !ed25519.Verify(p.Public().DeviceKey, []byte(text), sig) {
			t.Errorf("%q: the signature is not the device's", text)
		}
	}
	if _, err := p.SignCheckpoint(project.PAE("hotlight/", []byte("x"))); err == nil {
		t.Error("a typed body was signed as a checkpoint")
	}
}

func TestALockedHolderDoesNothingUntilUnlocked(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Radiologist)
	wrapped, _ := keys.Wrap([]byte("secret"), p.Public().Recipient)
	p.Lock()
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for what, err := range map[string]error{
		"sign":       second(p.Sign("t", nil)),
		"device":     second(p.Device().Sign("t", nil)),
		"checkpoint": second(p.SignCheckpoint([]byte("hotlight/log\n0\n" + root + "\n"))),
		"unwrap":     second(p.Unwrap(wrapped)),
		"confirm":    p.Confirm([]byte(keystest.Passphrase)),
	} {
		if !errors.Is(err, keys.ErrLocked) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := p.Decrypt(bytes.NewReader(wrapped)); !errors.Is(err, keys.ErrLocked) {
		t.Errorf("decrypt: %v", err)
	}
	if err := p.Unlock([]byte("not the passphrase")); !errors.Is(err, keys.ErrPassphrase) || !p.Locked() {
		t.Errorf("a wrong passphrase unlocks: %v", err)
	}
	if err := p.Unlock([]byte(keystest.Passphrase)); err != nil || p.Locked() {
		t.Fatal(err)
	}
	if _, err := p.Sign("t", nil); err != nil {
		t.Error(err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestTheIdleClockLocksOnceAndTouchPostpones(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Radiologist)
	locked := make(chan bool, 10)
	p.LockAfter(time.Hour, func() { locked <- true })
	p.WindBack(59 * time.Minute)
	p.Touch()
	p.WindBack(59 * time.Minute)
	p.Touch()
	if p.Locked() {
		t.Fatal("locked although somebody was there")
	}
	p.WindBack(61 * time.Minute) // the laptop slept
	p.Touch()
	if !p.Locked() {
		t.Fatal("a touch after a long sleep did not lock")
	}
	<-locked
	p.Touch()
	if err := p.Unlock([]byte(keystest.Passphrase)); err != nil {
		t.Fatal(err)
	}
	p.Touch()
	if p.Locked() || len(locked) != 0 {
		t.Error("locked again although just unlocked")
	}
	p.LockAfter(time.Millisecond, func() { locked <- true })
	<-locked
	if !p.Locked() {
		t.Error("the callback came before the lock")
	}
}

func TestWrongPassphrasesAreFollowedByDoublingPauses(t *testing.T) {
	p := keystest.New(t, "Dr A", project.Radiologist)
	v, _ := keys.Open(p.Vault)
	now := time.Unix(1e9, 0)
	keys.SetGuardClock(p.ReaderID(), func() time.Time { return now })
	wrong, right := []byte("not the passphrase"), []byte(keystest.Passphrase)
	guess := func(pass []byte) error { _, err := v.Unlock(pass); return err }
	for n := range 4 {
		if err := guess(wrong); !errors.Is(err, keys.ErrPassphrase) {
			t.Fatalf("guess %d: %v", n+1, err)
		}
	}
	for _, pause := range []time.Duration{2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		if err := guess(wrong); !errors.Is(err, keys.ErrPassphrase) {
			t.Fatalf("before the pause of %d s: %v", pause, err)
		}
		now = now.Add(pause*time.Second - 1)
		if err := guess(right); project.KindOf(err) != project.Busy {
			t.Fatalf("in the pause of %d s even the right one must wait, got %v", pause, err)
		}
		now = now.Add(1)
	}
	if err := guess(right); err != nil {
		t.Fatal(err)
	}
	if err := guess(wrong); !errors.Is(err, keys.ErrPassphrase) {
		t.Errorf("the count did not start again: %v", err)
	}
	if err := guess(right); err != nil {
		t.Errorf("the count did not start again: %v", err)
	}
}

func BenchmarkUnlock(b *testing.B) {
	v, err := keys.Open("testdata/vault-1-standard-cost")
	if err != nil {
		b.Skip("no vault of standard cost here")
	}
	for b.Loop() {
		if _, err := v.Unlock([]byte(keystest.Passphrase)); err != nil {
			b.Fatal(err)
		}
	}
}
