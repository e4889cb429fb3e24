package server

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"hotlight/project"
	"hotlight/project/audit"
)

// serverKeys are made at first start and kept in the data directory, mode 0600. Losing the log key breaks no receipt that was given, but
// the project then needs a definition with the new one; likewise the TLS key and its pin.
type serverKeys struct {
	tls     tls.Certificate
	pin     project.Hash
	log     ed25519.PrivateKey
	logNote note.Signer
	session [32]byte // authenticates challenges, tokens and the operator
}

const (
	tlsFile     = "tls.pem"
	logFile     = "log.key"
	sessionFile = "session.key"
)

func openKeys(dir string, now time.Time) (*serverKeys, error) {
	var k serverKeys
	if err := k.openTLS(filepath.Join(dir, tlsFile), now); err != nil {
		return nil, fmt.Errorf("TLS key: %w", err)
	}
	seed, err := secretFile(filepath.Join(dir, logFile), func() ([]byte, error) { return random(ed25519.SeedSize), nil })
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.Join(errors.New("the log key cannot be read"), err)
	}
	k.log = ed25519.NewKeyFromSeed(seed)
	k.logNote, err = audit.NewSigner(k.log.Public().(ed25519.PublicKey), func(text []byte) ([]byte, error) { return ed25519.Sign(k.log, text), nil })
	if err != nil {
		return nil, err
	}
	secret, err := secretFile(filepath.Join(dir, sessionFile), func() ([]byte, error) { return random(32), nil })
	if err != nil || len(secret) != 32 {
		return nil, errors.Join(errors.New("the session key cannot be read"), err)
	}
	k.session = [32]byte(secret)
	return &k, nil
}

func (k *serverKeys) openTLS(path string, now time.Time) error {
	b, err := secretFile(path, func() ([]byte, error) { return makeCertificate(now) })
	if err != nil {
		return err
	}
	if k.tls, err = tls.X509KeyPair(b, b); err != nil {
		return err
	}
	k.pin = sha256.Sum256(k.tls.Leaf.RawSubjectPublicKeyInfo)
	return nil
}

// makeCertificate returns a self-made certificate and its key as PEM. Nobody looks at its name or dates: the definition pins its key.
func makeCertificate(now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(random(16)), Subject: pkix.Name{CommonName: "Hotlight server"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(50, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...), nil
}

// secretFile returns the content of path, which it makes first if there is none.
func secretFile(path string, fill func() ([]byte, error)) ([]byte, error) {
	b, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	if b, err = fill(); err != nil {
		return nil, err
	}
	return b, writeFile(path, b)
}

// writeFile makes path appear whole, mode 0600, and durable.
func writeFile(path string, b []byte) error {
	temp := path + ".tmp"
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		os.Remove(temp)
		return err
	}
	return syncDir(filepath.Dir(path))
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails (crypto/rand)
	return b
}

// quietLog swallows what net/http would print: addresses of people's computers.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
