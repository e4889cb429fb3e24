package wire

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"

	"hotlight/project"
)

// PinnedTLS accepts exactly the server whose certificate's SubjectPublicKeyInfo has the SHA-256 pin, over TLS 1.3. No authority, name or date
// is looked at: the pin says more than they do, and a hospital's clock may be wrong.
func PinnedTLS(pin project.Hash) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // replaced by VerifyConnection, which also runs for resumed sessions
		VerifyConnection: func(c tls.ConnectionState) error {
			if len(c.PeerCertificates) > 0 {
				got := sha256.Sum256(c.PeerCertificates[0].RawSubjectPublicKeyInfo)
				if subtle.ConstantTimeCompare(got[:], pin[:]) == 1 {
					return nil
				}
			}
			return ErrPin
		},
	}
}

// ErrPin is what a server with another key gives: somebody is in between, or the server was set up anew.
var ErrPin = &project.Error{Kind: project.NotPermitted, Text: "the server is not the one that the project's definition names: its key is another"}
