package server

import (
	"context"
	"crypto/ed25519"
	"net"

	"hotlight/project"
)

// Signatures promised to the demo and hotlightd; this file goes as the bodies land.

// Server is an open data directory.
type Server struct{}

// Options of a server.
type Options struct {
	Log func(line string) // one line each, without identifiers of people; nil = silent
}

// Open makes or opens dir.
func Open(dir string, o Options) (*Server, error) { panic("soon") }

// Admit registers a project, or a newer version of its roster, from a signed roster (bundle.SignRoster).
func (s *Server) Admit(roster *project.Envelope) error { panic("soon") }

// Serve answers on l, with TLS, until Close.
func (s *Server) Serve(l net.Listener) error { panic("soon") }

// TLSPin is the SHA-256 of the certificate's SubjectPublicKeyInfo: project.Server.TLSPin.
func (s *Server) TLSPin() project.Hash { panic("soon") }

// LogKey is the public key of the logs: project.Server.LogKey.
func (s *Server) LogKey() ed25519.PublicKey { panic("soon") }

// Exchange trades with the medium at path.
func (s *Server) Exchange(ctx context.Context, path string) (Exchanged, error) { panic("soon") }

// Exchanged counts.
type Exchanged struct{ Committed, Refused, Delivered int }

// Check proves every leaf, blob and receipt, and returns what does not hold.
func (s *Server) Check(ctx context.Context) ([]string, error) { panic("soon") }

// Close ends serving gracefully and releases the directory.
func (s *Server) Close() error { panic("soon") }
