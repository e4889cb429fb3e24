package wire

import (
	"crypto/ed25519"

	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
	"hotlight/project/audit"
)

// OpenLogCheckpoint verifies a server's checkpoint of the log named origin.
func OpenLogCheckpoint(key ed25519.PublicKey, signed, origin string) (audit.Checkpoint, error) {
	return openCheckpoint(key, signed, origin)
}

// VerifyLog proves that leaves, from the first on, are exactly the log of which signed is the checkpoint.
func VerifyLog(key ed25519.PublicKey, origin, signed string, leaves [][]byte) (audit.Checkpoint, error) {
	c, err := openCheckpoint(key, signed, origin)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	if c.Size != int64(len(leaves)) || rootOf(leaves) != c.Root {
		return audit.Checkpoint{}, project.Errorf(project.Corrupt, "the log's leaves are not those that its checkpoint was signed for")
	}
	return c, nil
}

// rootOf returns the root of the Merkle tree of leaves (RFC 6962 section 2.1).
func rootOf(leaves [][]byte) project.Hash {
	type tree struct {
		size int
		root tlog.Hash
	}
	var whole []tree // complete subtrees, sizes descending
	for _, leaf := range leaves {
		t := tree{1, tlog.RecordHash(leaf)}
		for len(whole) > 0 && whole[len(whole)-1].size == t.size {
			left := whole[len(whole)-1]
			whole = whole[:len(whole)-1]
			t = tree{2 * t.size, tlog.NodeHash(left.root, t.root)}
		}
		whole = append(whole, t)
	}
	if len(whole) == 0 {
		return project.HashOf(nil)
	}
	root := whole[len(whole)-1].root
	for i := len(whole) - 2; i >= 0; i-- {
		root = tlog.NodeHash(whole[i].root, root)
	}
	return project.Hash(root)
}
