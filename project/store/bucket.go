package store

import "encoding/binary"

// Schema is the version of the store's form that this program reads and writes.
const Schema = 1

// bucket is the letter of a bucket, and what keys and additional data are told apart by. See STORE.md.
type bucket byte

const (
	bHeader     bucket = 'h'
	bMeta       bucket = 'm'
	bDefinition bucket = 'd'
	bItem       bucket = 'i'
	bImage      bucket = 'g'
	bRead       bucket = 'r'
	bJournal    bucket = 'j'
	bState      bucket = 'k'
	bSigned     bucket = 's'
	bOutbox     bucket = 'o'
	bReceived   bucket = 'q'
	bBundle     bucket = 'b'
	bReceipt    bucket = 'c'
	bCursor     bucket = 'n'
	bLeaf       bucket = 'a'
	bTree       bucket = 't'
	bDetail     bucket = 'e'
	bCheckpoint bucket = 'p'
	sSlot       bucket = 'K' // seals study keys in the slot file
	sEmergency  bucket = 'z' // seals entries in the emergency file
)

// allBuckets are those in the file.
var allBuckets = []bucket{bHeader, bMeta, bDefinition, bItem, bImage, bRead, bJournal, bState, bSigned, bOutbox, bReceived, bBundle, bReceipt,
	bCursor, bLeaf, bTree, bDetail, bCheckpoint}

var bucketNames = map[bucket]string{bHeader: "header", bMeta: "counts", bDefinition: "definition", bItem: "item", bImage: "image", bRead: "read",
	bJournal: "journal entry", bState: "read state", bSigned: "signed read", bOutbox: "outgoing bundle", bReceived: "received bundle",
	bBundle: "bundle", bReceipt: "receipt", bCursor: "cursor", bLeaf: "audit event", bTree: "audit hash", bDetail: "audit detail",
	bCheckpoint: "audit checkpoint", sSlot: "key slot", sEmergency: "emergency record"}

func (b bucket) String() string { return bucketNames[b] }

func (b bucket) key() []byte { return []byte{byte(b)} }

// row joins numbers to a row, 8 bytes each, big-endian, so that bbolt keeps them in order.
func row(numbers ...uint64) []byte {
	out := make([]byte, 0, 8*len(numbers))
	for _, n := range numbers {
		out = binary.BigEndian.AppendUint64(out, n)
	}
	return out
}

// number reads the i-th number of a row; 0 if the row is too short, which no row of ours has.
func number(row []byte, i int) uint64 {
	if len(row) < 8*(i+1) {
		return 0
	}
	return binary.BigEndian.Uint64(row[8*i:])
}
