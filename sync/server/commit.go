package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/sync/bundle"
	"hotlight/sync/wire"
)

// commit takes the uploaded bundle at address from its author c and returns the receipt. It may be repeated: a bundle that is committed
// gives the same receipt again.
func (s *Server) commit(c *caller, address project.Hash) ([]byte, error) {
	for {
		receipt, err := s.receiptOf(c, address)
		if err != nil || receipt != nil {
			return receipt, err
		}
		receipt, err = s.tryCommit(c, address)
		if !errors.Is(err, errRosterChanged) {
			return receipt, err
		}
	}
}

var errRosterChanged = errors.New("the roster changed during a commit")

// receiptOf returns the receipt of a bundle that this author has committed; nil if not.
func (s *Server) receiptOf(c *caller, address project.Hash) (receipt []byte, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		rec, err := getCommit(projectOf(tx, c.project.handle), address)
		if rec != nil && rec.Author == c.member.ID {
			receipt = append([]byte(nil), rec.Receipt...)
		}
		return err
	})
	return receipt, err
}

func (s *Server) tryCommit(c *caller, address project.Hash) ([]byte, error) {
	path := s.uploads.path(c.project.handle, c.member.ID, address)
	trust := s.trustOf(c.project)
	v, err := s.verifyUpload(path, trust, c, address)
	if err != nil {
		return nil, err
	}
	// Whether it may be next is asked before the file is moved, and again inside the transaction.
	err = s.db.View(func(tx *bolt.Tx) error { return mayFollow(projectOf(tx, c.project.handle), v) })
	if err != nil {
		return nil, err
	}
	if err := s.objects.take(path, address); err != nil {
		return nil, fmt.Errorf("keep bundle: %w", err)
	}
	var receipt []byte
	err = s.db.Update(func(tx *bolt.Tx) error {
		p := projectOf(tx, c.project.handle)
		if newest, _ := p.Bucket(bucketRoster).Cursor().Last(); int(number(newest)) != trust.Roster.Version {
			return errRosterChanged
		}
		if err := mayFollow(p, v); err != nil {
			return err
		}
		receipt, err = s.record(p, v)
		return err
	})
	if err != nil {
		return nil, s.putBack(err, path, address)
	}
	if v.NewRoster != nil {
		s.remember(c.project, v.NewRoster)
	}
	s.wake(c.project)
	s.options.Log(fmt.Sprintf("committed a %s of %d bytes", v.Route.Kind, v.Size))
	return receipt, nil
}

// verifyUpload checks the outside of an upload and that it is the caller's own.
func (s *Server) verifyUpload(path string, trust *bundle.Trust, c *caller, address project.Hash) (*bundle.Verified, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, wire.NotFound()
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	v, err := bundle.Verify(f, info.Size(), trust)
	switch {
	case err != nil:
		// What is damaged is dropped, so that it can be sent again; what is refused for another reason stays.
		if k := project.KindOf(err); k == project.Corrupt || k == project.Invalid {
			os.Remove(path)
		}
		return nil, err
	case v.Address != address:
		os.Remove(path)
		return nil, project.Errorf(project.Corrupt, "the upload does not match its address; send it again")
	case v.Author.ID != c.member.ID:
		return nil, project.Errorf(project.NotPermitted, "only its author commits a bundle")
	}
	return v, nil
}

// putBack returns a bundle that was not committed after all to the uploads, unless another commit holds it.
func (s *Server) putBack(err error, path string, address project.Hash) error {
	held := false
	check := s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketProject).ForEachBucket(func(name []byte) error {
			held = held || projectOf(tx, bundle.Handle(name)).Bucket(bucketCommit).Get(address[:]) != nil
			return nil
		})
	})
	if check == nil && !held {
		check = os.Rename(s.objects.path(address), path)
	}
	return errors.Join(err, check)
}

// mayFollow checks number and predecessor against the author's last commit.
func mayFollow(p *bolt.Bucket, v *bundle.Verified) error {
	seq, last := getLast(p, v.Author.ID)
	switch {
	case v.Route.Seq <= seq:
		return project.Errorf(project.Conflict, "number %d of this author is taken by another bundle", v.Route.Seq)
	case v.Route.Seq != seq+1:
		return project.Errorf(project.Conflict, "number %d of this author is missing; send it first", seq+1)
	case v.Route.Prev != last:
		return project.Errorf(project.Conflict, "the bundle continues another history than the one that this server has")
	}
	return nil
}

// record writes everything that a commit is, within one transaction, and returns the receipt.
func (s *Server) record(p *bolt.Bucket, v *bundle.Verified) ([]byte, error) {
	receipt, err := s.appendLogs(p, v)
	if err != nil {
		return nil, err
	}
	rec, err := json.Marshal(commitRecord{Author: v.Author.ID, Seq: v.Route.Seq, Kind: v.Route.Kind, Size: v.Size, Receipt: receipt})
	if err != nil {
		return nil, err
	}
	if err := p.Bucket(bucketCommit).Put(v.Address[:], rec); err != nil {
		return nil, err
	}
	if err := p.Bucket(bucketLast).Put([]byte(v.Author.ID), append(key(v.Route.Seq), v.Address[:]...)); err != nil {
		return nil, err
	}
	if err := grant(p, v.Author.ID, v); err != nil {
		return nil, err
	}
	for _, to := range v.Route.To {
		if err := deliver(p, to, v); err != nil {
			return nil, err
		}
	}
	if v.NewRoster != nil {
		if err := putRoster(p, v.NewRoster, v.Route.Roster); err != nil {
			return nil, err
		}
	}
	return receipt, nil
}

func grant(p *bolt.Bucket, reader project.ReaderID, v *bundle.Verified) error {
	return p.Bucket(bucketGrant).Put(grantKey(reader, v.Address), key(uint64(v.Size)))
}

func deliver(p *bolt.Bucket, to project.ReaderID, v *bundle.Verified) error {
	feed, err := p.Bucket(bucketFeed).CreateBucketIfNotExists([]byte(to))
	if err != nil {
		return err
	}
	cursor, err := feed.NextSequence()
	if err != nil {
		return err
	}
	if err := feed.Put(key(cursor), v.Address[:]); err != nil {
		return err
	}
	return grant(p, to, v)
}

// appendLogs appends the commit to its author's log and to the project's, and returns the receipt from the author's.
func (s *Server) appendLogs(p *bolt.Bucket, v *bundle.Verified) ([]byte, error) {
	own, err := p.Bucket(bucketOwn).CreateBucketIfNotExists([]byte(v.Author.ID))
	if err != nil {
		return nil, err
	}
	leaf := wire.Marshal(wire.Leaf{V: 1, Bundle: v.Address, Seq: v.Route.Seq, Kind: v.Route.Kind, Received: s.options.Now().UTC().Truncate(time.Second)})
	log := logIn(own)
	index, err := log.AppendLeaf(leaf)
	if err != nil {
		return nil, err
	}
	all := logIn(p.Bucket(bucketLog))
	if _, err := all.AppendLeaf(wire.Marshal(wire.ProjectLeaf{V: 1, Author: v.Author.ID, Index: index, Leaf: leaf})); err != nil {
		return nil, err
	}
	checkpoint, err := s.checkpoint(log, wire.AuthorLog(v.Route.Project, v.Author.ID), 0)
	if err != nil {
		return nil, err
	}
	proof, err := log.Inclusion(index, index+1)
	if err != nil {
		return nil, err
	}
	r := wire.Receipt{Project: v.Route.Project, Author: v.Author.ID, Index: index, Leaf: leaf, Proof: proof, Checkpoint: checkpoint}
	return r.Marshal(), nil
}

// checkpoint signs the state of log at size; 0 means now.
func (s *Server) checkpoint(log audit.Log, origin string, size int64) (string, error) {
	head, err := log.Head()
	if err == nil && size > 0 {
		if size > head.Size {
			return "", project.Errorf(project.NotFound, "the log has %d leaves", head.Size)
		}
		head, err = log.HeadAt(size)
	}
	if err != nil {
		return "", err
	}
	signed, err := audit.SignCheckpoint(audit.Checkpoint{Origin: origin, Head: head}, s.keys.logNote)
	return string(signed), err
}
