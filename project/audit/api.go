package audit

import (
	"context"
	"crypto/ed25519"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
)

// Signatures promised to the neighbours; this file goes as the bodies land.

type (
	Event struct{} // V, Seq, Time, Actor, Device, Type, Object, Detail (hash)
	Head  struct {
		Size int64
		Root project.Hash
	}
	Checkpoint struct {
		Origin string // names the log
		Head
	}
	Storage interface {
		Size() (int64, error)
		Leaf(index int64) ([]byte, error)
		ReadHashes(indexes []int64) ([]tlog.Hash, error) // tlog.HashReader
		Append(index int64, leaf []byte, first int64, hashes []tlog.Hash) error
	}
	Log struct{ Storage }
)

func (l Log) AppendLeaf(leaf []byte) (index int64, err error)                  { panic("soon") }
func (l Log) Append(e Event) (Event, error)                                    { panic("soon") }
func (l Log) Head() (Head, error)                                              { panic("soon") }
func (l Log) Inclusion(index, size int64) ([]project.Hash, error)              { panic("soon") }
func (l Log) Consistency(old, size int64) ([]project.Hash, error)              { panic("soon") }
func (l Log) Verify(ctx context.Context) (Head, error)                         { panic("soon") }
func VerifyInclusion(p []project.Hash, h Head, index int64, leaf []byte) error { panic("soon") }
func VerifyConsistency(p []project.Hash, old, new Head) error                  { panic("soon") }
func NewSigner(name string, pub ed25519.PublicKey, sign func(text []byte) ([]byte, error)) (note.Signer, error) {
	panic("soon")
}
func NewVerifier(name string, pub ed25519.PublicKey) (note.Verifier, error)            { panic("soon") }
func SignCheckpoint(c Checkpoint, signers ...note.Signer) ([]byte, error)              { panic("soon") }
func OpenCheckpoint(msg []byte, origin string, v ...note.Verifier) (Checkpoint, error) { panic("soon") }
