package keys

import (
	"bytes"
	"errors"
	"io"

	"filippo.io/age"

	"hotlight/project"
)

// maxWrapped bounds what Unwrap reads: wrapped things are keys and small records.
const maxWrapped = 1 << 20

// CheckRecipient returns an Invalid error if s is not a hybrid age recipient ("age1pq1...").
func CheckRecipient(s string) error {
	if _, err := age.ParseHybridRecipient(s); err != nil {
		return project.Errorf(project.Invalid, "this is not a hybrid age recipient (age1pq1...)")
	}
	return nil
}

// Wrap seals a small secret to each of recipients and to nobody else; whoever holds one of their keys opens it with Unwrap.
func Wrap(secret []byte, recipients ...string) ([]byte, error) {
	if len(secret) > maxWrapped {
		return nil, project.Errorf(project.Full, "a wrapped secret has at most %d bytes", maxWrapped)
	}
	var to []age.Recipient
	for _, s := range recipients {
		r, err := age.ParseHybridRecipient(s)
		if err != nil {
			return nil, CheckRecipient(s)
		}
		to = append(to, r)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, project.Errorf(project.Invalid, "wrap a secret: %w", err)
	}
	if _, err := w.Write(secret); err != nil {
		return nil, project.Errorf(project.Other, "wrap a secret: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, project.Errorf(project.Other, "wrap a secret: %w", err)
	}
	return out.Bytes(), nil
}

func unwrap(wrapped []byte, identity age.Identity) ([]byte, error) {
	r, err := decrypt(bytes.NewReader(wrapped), identity)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxWrapped+1))
	if err != nil || len(plain) > maxWrapped {
		clear(plain)
		return nil, project.Errorf(project.Corrupt, "a wrapped secret is damaged")
	}
	return plain, nil
}

func decrypt(src io.Reader, identity age.Identity) (io.Reader, error) {
	r, err := age.Decrypt(src, identity)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, ErrNotForYou
	case err != nil:
		return nil, project.Errorf(project.Corrupt, "open a sealed message: %w", err)
	}
	return r, nil
}
