package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"hotlight/project"
)

func marshalSigned(r *project.SignedRead) ([]byte, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode the signed read: %w", err)
	}
	return b, nil
}

// openSigned parses a signed read out of its envelope. Verifying the signature is the caller's: the store's own were verified when stored.
func openSigned(e *project.Envelope) (*project.SignedRead, error) {
	if e.PayloadType != project.SignedReadType {
		return nil, project.Errorf(project.Corrupt, "signed as %q, wanted a read", e.PayloadType)
	}
	dec := json.NewDecoder(strings.NewReader(string(e.Payload)))
	dec.DisallowUnknownFields()
	var r project.SignedRead
	if err := dec.Decode(&r); err != nil {
		return nil, project.Errorf(project.Corrupt, "signed read: %w", err)
	}
	return &r, nil
}

// pathFree takes the path out of an operating system's error: file names often hold patients' names.
func pathFree(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
