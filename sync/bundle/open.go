package bundle

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"

	"filippo.io/age"

	"hotlight/project"
)

// Opened is a bundle whose inside holds too. Its spool lives until Close; the methods may be called from several goroutines before that.
type Opened struct {
	*Verified
	Manifest Manifest
	// Read and Signed are the read and its envelope as signed; KindRead only. Images and masks have not been looked at: package bundle
	// knows none.
	Read   *project.SignedRead
	Signed *project.Envelope
	// Definition is the signed definition, verified; KindDefinition only.
	Definition *project.Envelope

	spool   *spool
	offsets map[project.Hash]int64
	entries map[project.Hash]Entry
	mu      sync.Mutex
	unpack  unpacker
}

// Open verifies a bundle's outside and inside, in the order of BUNDLE.md section 6, for o, who must be its author or an addressee. What
// is decrypted lies in an enciphered spool in dir ("" means the system's directory for temporary files) until Close; nothing is handed out before all
// of it was checked.
//
// Errors are those of Verify, and NotPermitted if o is not addressed.
func Open(r io.ReaderAt, size int64, o Opener, t *Trust, dir string) (*Opened, error) {
	v, err := Verify(r, size, t)
	if err != nil {
		return nil, err
	}
	if o.ReaderID() != v.Author.ID && !slices.Contains(v.Route.To, o.ReaderID()) {
		return nil, project.Errorf(project.NotPermitted, "the bundle is not addressed to you")
	}
	s, err := newSpool(dir)
	if err != nil {
		return nil, err
	}
	opened := &Opened{Verified: v, spool: s, offsets: map[project.Hash]int64{}, entries: map[project.Hash]Entry{}}
	if err := opened.fill(r, o); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return opened, nil
}

func (o *Opened) fill(r io.ReaderAt, opener Opener) error {
	start := o.Size - o.Route.PayloadLen
	if err := o.decrypt(io.NewSectionReader(r, start, o.Route.PayloadLen), opener); err != nil {
		return err
	}
	n, err := o.readManifest()
	if err != nil {
		return err
	}
	if err := o.checkLayout(n); err != nil {
		return err
	}
	for _, e := range o.Manifest.Objects {
		if err := o.unpack.check(e, o.stored(e)); err != nil {
			return err
		}
	}
	c, err := o.Manifest.openContent(&o.Route, o.Author, o.Roster, func(e Entry) ([]byte, error) { return o.unpack.read(e, o.stored(e)) })
	if err != nil {
		return err
	}
	o.Read, o.Signed, o.Definition = c.read, c.signed, c.definition
	return nil
}

// decrypt fills the spool, and proves by a second hash that what was decrypted is what was verified.
func (o *Opened) decrypt(ciphertext io.Reader, opener Opener) error {
	sum := sha256.New()
	tee := io.TeeReader(ciphertext, sum)
	plain, err := opener.Decrypt(tee)
	if err != nil {
		return decryptError(err)
	}
	w := bufio.NewWriterSize(o.spool, 64<<10)
	if _, err := io.Copy(w, plain); err != nil {
		if project.KindOf(err) != project.Other {
			return err
		}
		return project.Errorf(project.Corrupt, "the payload cannot be decrypted to its end")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, tee); err != nil {
		return readError(err)
	}
	if project.Hash(sum.Sum(nil)) != o.Route.PayloadSHA256 {
		return project.Errorf(project.Corrupt, "the bundle changed while it was being read")
	}
	return nil
}

func decryptError(err error) error {
	var none *age.NoIdentityMatchError
	switch {
	case project.KindOf(err) == project.Locked:
		return err
	case errors.As(err, &none) || project.KindOf(err) == project.NotPermitted:
		return project.Errorf(project.NotPermitted, "the bundle cannot be opened with your key: %w", err)
	}
	return project.Errorf(project.Corrupt, "the payload cannot be decrypted: %w", err)
}

// readManifest returns the offset of the first object.
func (o *Opened) readManifest() (int64, error) {
	var head [4]byte
	if _, err := o.spool.ReadAt(head[:], 0); err != nil {
		return 0, project.Errorf(project.Corrupt, "the payload is too short")
	}
	n := int64(binary.BigEndian.Uint32(head[:]))
	if n < 1 || n > MaxManifest || 4+n > o.spool.size {
		return 0, project.Errorf(project.Full, "the manifest's length is beyond its limit")
	}
	raw := make([]byte, n)
	if _, err := o.spool.ReadAt(raw, 4); err != nil {
		return 0, project.Errorf(project.Corrupt, "the payload is too short")
	}
	m, err := parseManifest(raw, o.Verified)
	if err != nil {
		return 0, err
	}
	o.Manifest = *m
	return 4 + n, nil
}

// checkLayout places the objects and checks the padding: its length is a function of what is before it, and it is zero.
func (o *Opened) checkLayout(start int64) error {
	end := start + o.Manifest.stored()
	if o.spool.size != paddedLen(end) {
		return project.Errorf(project.Corrupt, "the payload's length is not what its manifest says")
	}
	at := start
	for _, e := range o.Manifest.Objects {
		o.offsets[e.SHA256], o.entries[e.SHA256] = at, e
		at += e.Stored
	}
	pad := bufio.NewReaderSize(io.NewSectionReader(o.spool, end, o.spool.size-end), 64<<10)
	for {
		b, err := pad.ReadByte()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if b != 0 {
			return project.Errorf(project.Corrupt, "the payload's padding is not zero")
		}
	}
}

func (o *Opened) stored(e Entry) io.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(o.spool, o.offsets[e.SHA256], e.Stored), 64<<10)
}

// Object returns the content of the object with hash h, at most MaxObject bytes, hashed once more; NotFound if the bundle has none.
func (o *Opened) Object(h project.Hash) ([]byte, error) {
	e, ok := o.entries[h]
	if !ok {
		return nil, project.Errorf(project.NotFound, "the bundle has no such object")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unpack.read(e, o.stored(e))
}

// Close removes the spool.
func (o *Opened) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unpack.close()
	return o.spool.Close()
}
