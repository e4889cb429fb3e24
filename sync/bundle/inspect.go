package bundle

import (
	"io"

	"hotlight/project"
)

// Claims is what the outside of a file says of itself. Nothing of it is verified beyond its form.
type Claims struct {
	Major      uint16       `json:"major"`
	Minor      uint16       `json:"minor"`
	Suite      uint8        `json:"suite"`
	Address    project.Hash `json:"address"` // SHA-256 of the file, as found
	Size       int64        `json:"size"`
	HeaderLen  int          `json:"header_len"`
	PayloadOK  bool         `json:"payload_matches_digest"`
	Recipients int          `json:"recipients"` // stanzas of the age header; 0 when it cannot be read
	Route      Route        `json:"route"`
	SignedBy   []string     `json:"signed_by"` // key IDs as written
}

// Inspect reads what a bundle's outside claims, for people who look at a file. It needs no trust and proves nothing; use Verify for that.
// A file that is no bundle, or of an unknown version, is an error.
func Inspect(r io.ReaderAt, size int64) (*Claims, error) {
	o, err := readOutside(r, size)
	if err != nil {
		return nil, err
	}
	c := &Claims{
		Major: o.preamble.Major, Minor: o.preamble.Minor, Suite: o.preamble.Suite, Size: size,
		HeaderLen: len(o.header), Route: *o.route,
	}
	for _, s := range o.envelope.Signatures {
		c.SignedBy = append(c.SignedBy, s.KeyID)
	}
	c.Recipients, _ = o.countStanzas(r, MaxHeader)
	c.Address, err = o.hashAll(r)
	c.PayloadOK = err == nil
	if project.KindOf(err) == project.Corrupt {
		c.Address, err = hashFile(r, size)
	}
	return c, err
}
