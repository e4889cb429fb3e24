package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/wire"
)

const (
	challengeFor = time.Minute
	sessionFor   = 10 * time.Minute
)

// Tokens are authenticated by a key in the data directory and kept nowhere: a restart, or a second server on the same keys, honours them.

// seal returns text with a MAC, for purpose only.
func (s *Server) seal(purpose string, text []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(s.mac(purpose, text), text...))
}

// unseal returns what seal got.
func (s *Server) unseal(purpose, sealed string) ([]byte, bool) {
	if len(sealed) > 512 {
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(b) < sha256.Size {
		return nil, false
	}
	return b[sha256.Size:], hmac.Equal(b[:sha256.Size], s.mac(purpose, b[sha256.Size:]))
}

func (s *Server) mac(purpose string, text []byte) []byte {
	m := hmac.New(sha256.New, s.keys.session[:])
	m.Write([]byte(purpose))
	m.Write([]byte{0})
	m.Write(text)
	return m.Sum(nil)
}

func (s *Server) until(d time.Duration) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(s.options.Now().Add(d).Unix()))
}

func (s *Server) expired(b []byte) bool {
	return len(b) < 8 || uint64(s.options.Now().Unix()) > binary.BigEndian.Uint64(b)
}

func (s *Server) newChallenge() string {
	return s.seal("challenge", append(s.until(challengeFor), random(16)...))
}

// login checks a signed login and returns a session.
func (s *Server) login(e *project.Envelope) (*wire.Session, error) {
	var l wire.Login
	if e.PayloadType != wire.LoginType || wire.Unmarshal(e.Payload, &l) != nil {
		return nil, errLogin
	}
	m, err := s.member(s.project(l.Project), l.Reader)
	if err != nil {
		return nil, err
	}
	challenge, ok := s.unseal("challenge", l.Challenge)
	if !ok || s.expired(challenge) || l.Pin != s.keys.pin || l.Device != m.Device() || wire.VerifyBy(e, wire.LoginType, m) != nil {
		return nil, errLogin
	}
	token := append(s.until(sessionFor), string(l.Project)+string(l.Reader)...)
	return &wire.Session{Token: s.seal("session", token), Seconds: int(sessionFor.Seconds())}, nil
}

// caller is who makes a request.
type caller struct {
	project *state
	member  bundle.Member
}

// authenticate finds out who makes a request. The roster is asked each time, so a revoked person is out at once.
func (s *Server) authenticate(r *http.Request) (*caller, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, errSession
	}
	b, ok := s.unseal("session", token)
	if !ok || len(b) != 8+26+26 || s.expired(b) {
		return nil, errSession
	}
	p := s.project(bundle.Handle(b[8:34]))
	m, err := s.member(p, project.ReaderID(b[34:]))
	if err != nil {
		return nil, err
	}
	return &caller{p, m}, nil
}
