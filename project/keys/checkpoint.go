package keys

import (
	"bytes"
	"encoding/base64"
	"strconv"
)

// CheckpointPrefix starts the first line of every checkpoint that a holder signs.
const CheckpointPrefix = "hotlight/"

// isCheckpoint reports whether text has the three lines of a checkpoint: origin, size, root. DSSE's encoding starts with "DSSEv1 ", so no
// text can be both.
//
// Source: C2SP tlog-checkpoint, as golang.org/x/mod/sumdb uses it.
func isCheckpoint(text []byte) bool {
	lines := bytes.Split(text, []byte("\n"))
	if len(lines) != 4 || len(lines[3]) != 0 || !bytes.HasPrefix(lines[0], []byte(CheckpointPrefix)) {
		return false
	}
	size, err := strconv.ParseInt(string(lines[1]), 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != string(lines[1]) {
		return false
	}
	root, err := base64.StdEncoding.Strict().DecodeString(string(lines[2]))
	return err == nil && len(root) == 32
}
