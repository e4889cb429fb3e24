package store

import (
	"bytes"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// tamper changes rows of a closed store through bbolt, without any key. It reports whether there was something to change.
func tamper(t testing.TB, dir string, b bucket, how string) (done bool) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, storeName), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		bk := tx.Bucket(b.key())
		c := bk.Cursor()
		first, v1 := c.First()
		first, v1 = bytes.Clone(first), bytes.Clone(v1)
		last, v2 := c.Last()
		last, v2 = bytes.Clone(last), bytes.Clone(v2)
		switch {
		case first == nil:
			return nil
		case how == "delete the first":
			done = true
			return bk.Delete(first)
		case how == "delete the last":
			done = true
			return bk.Delete(last)
		case bytes.Equal(first, last):
			return nil
		case how == "swap two":
			done = true
			if err := bk.Put(first, v2); err != nil {
				return err
			}
			return bk.Put(last, v1)
		}
		done = true
		more := bytes.Clone(last)
		more[len(more)-1]++
		return bk.Put(more, v2)
	})
	if err != nil {
		t.Fatal(err)
	}
	return done
}
