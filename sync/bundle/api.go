package bundle

import (
	"io"

	"hotlight/project"
)

// Signatures promised to the flows; this file goes as the bodies land.

// Seal writes a bundle to w.
func Seal(w io.Writer, t *Trust, s Signer, d Draft) (*Sealed, error) { panic("soon") }

// Verify needs no private key.
func Verify(r io.ReaderAt, size int64, t *Trust) (*Verified, error) { panic("soon") }

// Open decrypts into a spool in dir ("" = the system's temporary directory).
func Open(r io.ReaderAt, size int64, o Opener, t *Trust, dir string) (*Opened, error) { panic("soon") }

// Inspect says what the outside claims; nothing is verified.
func Inspect(r io.ReaderAt, size int64) (*Claims, error) { panic("soon") }

type (
	// Claims is for people.
	Claims struct{ Route Route }
	// Manifest lies inside.
	Manifest struct{ Objects []Entry }
	// Entry is one object.
	Entry struct {
		Kind, Media string
		SHA256      project.Hash
		Size        int64
	}
	// Opened is a bundle whose inside holds too. Close removes the spool.
	Opened struct {
		*Verified
		Manifest   Manifest
		Read       *project.SignedRead // KindRead
		Signed     *project.Envelope   // KindRead: the signed read as signed
		Definition *project.Envelope   // KindDefinition
	}
)

// Object returns the content of the object h, hashed once more.
func (o *Opened) Object(h project.Hash) ([]byte, error) { panic("soon") }

// Close removes the spool.
func (o *Opened) Close() error { panic("soon") }
