package server

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	boltErrors "go.etcd.io/bbolt/errors"
	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/sync/bundle"
)

// The index is one bbolt file. Under bucket "project" lies one bucket for each project, named by its handle, with
//
//	roster   version -> signed roster
//	commit   address -> commit record (JSON)
//	last     author -> author_seq, address
//	feed     reader -> bucket: cursor -> address
//	grant    reader, address -> size: who may fetch what
//	own      author -> bucket: that author's log
//	log      bucket: the project's log
//
// A log is two buckets: leaf (index -> bytes) and hash (tlog index -> 32 bytes). Numbers are 8 bytes, big-endian.
const (
	indexFile   = "index.db"
	indexSchema = 1
)

var (
	bucketMeta    = []byte("meta")
	bucketProject = []byte("project")
	bucketRoster  = []byte("roster")
	bucketCommit  = []byte("commit")
	bucketLast    = []byte("last")
	bucketFeed    = []byte("feed")
	bucketGrant   = []byte("grant")
	bucketOwn     = []byte("own")
	bucketLog     = []byte("log")
	bucketLeaf    = []byte("leaf")
	bucketHash    = []byte("hash")
	keySchema     = []byte("schema")
)

var projectBuckets = [][]byte{bucketRoster, bucketCommit, bucketLast, bucketFeed, bucketGrant, bucketOwn, bucketLog}

// openIndex opens the index of dir. A new one is built under another name first, since bbolt can be torn while it is being created.
func openIndex(dir string, within time.Duration) (*bolt.DB, error) {
	path := filepath.Join(dir, indexFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeIndex(path+".new", within); err != nil {
			return nil, err
		}
		if err := os.Rename(path+".new", path); err != nil {
			return nil, fmt.Errorf("make index: %w", err)
		}
		if err := syncDir(dir); err != nil {
			return nil, fmt.Errorf("make index: %w", err)
		}
	}
	db, err := boltOpen(path, within)
	if err != nil {
		return nil, err
	}
	err = db.View(func(tx *bolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		if meta == nil || tx.Bucket(bucketProject) == nil {
			return project.Errorf(project.Corrupt, "the index has lost its beginning")
		}
		if got := number(meta.Get(keySchema)); got != indexSchema {
			return project.Errorf(project.Unsupported, "the index has schema %d, this program knows %d", got, indexSchema)
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func boltOpen(path string, within time.Duration) (*bolt.DB, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: within, FreelistType: bolt.FreelistMapType})
	if errors.Is(err, boltErrors.ErrTimeout) {
		return nil, project.Errorf(project.Busy, "another process holds the data directory")
	}
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	return db, nil
}

func makeIndex(path string, within time.Duration) error {
	db, err := boltOpen(path, within)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists(bucketMeta)
		if err != nil {
			return err
		}
		if _, err := tx.CreateBucketIfNotExists(bucketProject); err != nil {
			return err
		}
		return meta.Put(keySchema, key(indexSchema))
	})
	return errors.Join(err, db.Close())
}

// projectOf returns the bucket of a project, which must exist.
func projectOf(tx *bolt.Tx, h bundle.Handle) *bolt.Bucket {
	return tx.Bucket(bucketProject).Bucket([]byte(h))
}

func makeProject(tx *bolt.Tx, h bundle.Handle) (*bolt.Bucket, error) {
	b, err := tx.Bucket(bucketProject).CreateBucketIfNotExists([]byte(h))
	if err != nil {
		return nil, err
	}
	for _, name := range projectBuckets {
		if _, err := b.CreateBucketIfNotExists(name); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// commitRecord is what the index keeps of a commit. The receipt is kept as it was given, so that it is given again unchanged.
type commitRecord struct {
	Author  project.ReaderID `json:"author"`
	Seq     uint64           `json:"author_seq"`
	Kind    bundle.Kind      `json:"kind"`
	Size    int64            `json:"size"`
	Receipt json.RawMessage  `json:"receipt"`
}

func getCommit(p *bolt.Bucket, address project.Hash) (*commitRecord, error) {
	b := p.Bucket(bucketCommit).Get(address[:])
	if b == nil {
		return nil, nil
	}
	var c commitRecord
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, project.Errorf(project.Corrupt, "a commit record cannot be read")
	}
	return &c, nil
}

func grantKey(reader project.ReaderID, address project.Hash) []byte {
	return append([]byte(reader), address[:]...)
}

// getGrant returns the size of a bundle that reader may fetch. It is one lookup, whether the bundle is another's or does not exist.
func getGrant(p *bolt.Bucket, reader project.ReaderID, address project.Hash) (size int64, ok bool) {
	b := p.Bucket(bucketGrant).Get(grantKey(reader, address))
	return int64(number(b)), b != nil
}

// getLast returns the author's last commit.
func getLast(p *bolt.Bucket, author project.ReaderID) (seq uint64, address project.Hash) {
	b := p.Bucket(bucketLast).Get([]byte(author))
	if len(b) != 8+len(address) {
		return 0, address
	}
	return number(b[:8]), project.Hash(b[8:])
}

// log opens the log that lies in bucket b for use within b's transaction. A log that was never written to has no buckets yet.
func logIn(b *bolt.Bucket) audit.Log { return audit.Log{Storage: boltLog{b}} }

func ownLog(p *bolt.Bucket, author project.ReaderID) audit.Log {
	return logIn(p.Bucket(bucketOwn).Bucket([]byte(author)))
}

type boltLog struct{ b *bolt.Bucket }

func (l boltLog) part(name []byte) *bolt.Bucket {
	if l.b == nil {
		return nil
	}
	return l.b.Bucket(name)
}

func (l boltLog) Size() (int64, error) {
	leaves := l.part(bucketLeaf)
	if leaves == nil {
		return 0, nil
	}
	last, _ := leaves.Cursor().Last()
	if last == nil {
		return 0, nil
	}
	return int64(number(last)) + 1, nil
}

func (l boltLog) Leaf(i int64) ([]byte, error) {
	leaves := l.part(bucketLeaf)
	if leaves == nil {
		return nil, project.Errorf(project.NotFound, "the log has no leaf %d", i)
	}
	b := leaves.Get(key(uint64(i)))
	if b == nil {
		return nil, project.Errorf(project.NotFound, "the log has no leaf %d", i)
	}
	return append([]byte(nil), b...), nil
}

func (l boltLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	hashes := l.part(bucketHash)
	for i, x := range indexes {
		var b []byte
		if hashes != nil {
			b = hashes.Get(key(uint64(x)))
		}
		if len(b) != tlog.HashSize {
			return nil, project.Errorf(project.Corrupt, "the log has lost hash %d", x)
		}
		out[i] = tlog.Hash(b)
	}
	return out, nil
}

func (l boltLog) Append(i int64, leaf []byte, first int64, hashes []tlog.Hash) error {
	leaves, err := l.b.CreateBucketIfNotExists(bucketLeaf)
	if err != nil {
		return err
	}
	nodes, err := l.b.CreateBucketIfNotExists(bucketHash)
	if err != nil {
		return err
	}
	leaves.FillPercent, nodes.FillPercent = 1, 1 // append only
	if err := leaves.Put(key(uint64(i)), leaf); err != nil {
		return err
	}
	for n, h := range hashes {
		if err := nodes.Put(key(uint64(first+int64(n))), h[:]); err != nil {
			return err
		}
	}
	return nil
}

func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func number(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}
