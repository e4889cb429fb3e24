package bundle

import (
	"encoding/binary"
	"io"

	"hotlight/project"
)

// PreambleSize is the length of the fixed part at the head of a bundle.
const PreambleSize = 96

// The version and suite that Seal writes.
const (
	Major    = 1
	Minor    = 0
	SuiteAge = 1
)

var magic = [8]byte{0x89, 'H', 'L', 'B', 0x0D, 0x0A, 0x1A, 0x0A}

// preamble is the fixed part; BUNDLE.md section 1.
type preamble struct {
	Major, Minor  uint16
	HeaderLen     uint32
	PayloadLen    uint64
	PayloadSHA256 project.Hash
	HeaderSHA256  project.Hash
	Suite         uint8
}

func (p *preamble) marshal() [PreambleSize]byte {
	var b [PreambleSize]byte
	copy(b[:], magic[:])
	binary.BigEndian.PutUint16(b[8:], p.Major)
	binary.BigEndian.PutUint16(b[10:], p.Minor)
	binary.BigEndian.PutUint32(b[12:], p.HeaderLen)
	binary.BigEndian.PutUint64(b[16:], p.PayloadLen)
	copy(b[24:], p.PayloadSHA256[:])
	copy(b[56:], p.HeaderSHA256[:])
	b[88] = p.Suite
	return b
}

// parsePreamble reads b and checks it against the file's size.
func parsePreamble(b [PreambleSize]byte, size int64) (*preamble, error) {
	if [8]byte(b[:8]) != magic {
		return nil, project.Errorf(project.Invalid, "this is not a Hotlight bundle")
	}
	p := &preamble{
		Major: binary.BigEndian.Uint16(b[8:]), Minor: binary.BigEndian.Uint16(b[10:]),
		HeaderLen: binary.BigEndian.Uint32(b[12:]), PayloadLen: binary.BigEndian.Uint64(b[16:]),
		PayloadSHA256: project.Hash(b[24:56]), HeaderSHA256: project.Hash(b[56:88]), Suite: b[88],
	}
	if p.Major != Major {
		return nil, project.Errorf(project.Unsupported, "the bundle has format version %d, this program knows version %d", p.Major, Major)
	}
	if p.Suite != SuiteAge {
		return nil, project.Errorf(project.Unsupported, "the bundle uses cipher suite %d, this program knows suite %d", p.Suite, SuiteAge)
	}
	if [7]byte(b[89:]) != [7]byte{} {
		return nil, project.Errorf(project.Invalid, "preamble: reserved bytes are not zero")
	}
	if p.HeaderLen < 1 || p.HeaderLen > MaxHeader || p.PayloadLen < 1 || p.PayloadLen > MaxPayload {
		return nil, project.Errorf(project.Full, "preamble: a length is beyond its limit")
	}
	if size != PreambleSize+int64(p.HeaderLen)+int64(p.PayloadLen) {
		return nil, project.Errorf(project.Corrupt, "the bundle's length is not what its preamble says: it is cut off or has something appended")
	}
	return p, nil
}

// outside is a bundle's preamble and routing header, parsed and compared with each other; no signature is checked yet.
type outside struct {
	preamble *preamble
	raw      [PreambleSize]byte
	header   []byte // exact bytes
	envelope *project.Envelope
	route    *Route
}

// readOutside does steps 1 and 3 of BUNDLE.md section 6, and the header hash of step 2.
func readOutside(r io.ReaderAt, size int64) (*outside, error) {
	var o outside
	if size < PreambleSize {
		return nil, project.Errorf(project.Invalid, "this is not a Hotlight bundle")
	}
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, PreambleSize), o.raw[:]); err != nil {
		return nil, readError(err)
	}
	var err error
	if o.preamble, err = parsePreamble(o.raw, size); err != nil {
		return nil, err
	}
	o.header = make([]byte, o.preamble.HeaderLen)
	if _, err := io.ReadFull(io.NewSectionReader(r, PreambleSize, int64(len(o.header))), o.header); err != nil {
		return nil, readError(err)
	}
	if project.HashOf(o.header) != o.preamble.HeaderSHA256 {
		return nil, project.Errorf(project.Corrupt, "the routing header does not match its digest")
	}
	if o.envelope, err = project.ParseEnvelope(o.header); err != nil {
		return nil, err
	}
	if o.envelope.PayloadType != RouteType {
		return nil, project.Errorf(project.Corrupt, "the routing header is signed as something else")
	}
	if o.route, err = parseRoute(o.envelope.Payload); err != nil {
		return nil, err
	}
	return &o, o.compare()
}

func (o *outside) compare() error {
	p, r := o.preamble, o.route
	switch {
	case r.Format != [2]uint16{p.Major, p.Minor}:
		return project.Errorf(project.Corrupt, "preamble and routing header name different versions")
	case r.Suite != p.Suite:
		return project.Errorf(project.Corrupt, "preamble and routing header name different suites")
	case r.PayloadSHA256 != p.PayloadSHA256 || uint64(r.PayloadLen) != p.PayloadLen:
		return project.Errorf(project.Corrupt, "preamble and routing header name different payloads")
	}
	return nil
}

// payload returns the ciphertext.
func (o *outside) payload(r io.ReaderAt) *io.SectionReader {
	return io.NewSectionReader(r, PreambleSize+int64(len(o.header)), int64(o.preamble.PayloadLen))
}

func readError(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return project.Errorf(project.Corrupt, "the bundle ends early")
	}
	return project.Errorf(project.Other, "read bundle: %w", err)
}
