package server

import (
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/sync/bundle"
	"hotlight/sync/wire"
)

// Checked is what Check found.
type Checked struct {
	Projects int      `json:"projects"`
	Bundles  int      `json:"bundles"`
	Leaves   int64    `json:"leaves"`
	Problems []string `json:"problems"` // a line each, without identifiers of people; empty when everything holds
}

// Check proves everything that the server has promised: every page of the index, every roster, every bundle by its hash and signatures,
// every leaf and node of every log, every receipt, every feed and every permission to fetch. It reads all objects. An error means that it could
// not go on; what does not hold is in Problems.
func (s *Server) Check(ctx context.Context) (Checked, error) {
	c := &checker{server: s, ctx: ctx}
	c.Problems = []string{}
	err := s.db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			c.problem("index", err)
		}
		return tx.Bucket(bucketProject).ForEachBucket(func(name []byte) error {
			c.Projects++
			c.project(bundle.Handle(name), projectOf(tx, bundle.Handle(name)))
			return ctx.Err()
		})
	})
	return c.Checked, err
}

type checker struct {
	Checked
	server *Server
	ctx    context.Context
}

func (c *checker) problem(where string, err error) {
	if err != nil {
		c.Problems = append(c.Problems, fmt.Sprintf("%s: %v", where, err))
	}
}

func (c *checker) project(h bundle.Handle, p *bolt.Bucket) {
	trust, err := loadTrust(p)
	if err != nil {
		c.problem("roster", err)
		return
	}
	trust.Witnessed = func(project.Hash) bool { return true } // a commit is its own witness
	commits := c.commits(h, p, trust)
	c.logs(h, p, commits)
	c.feeds(p, commits)
}

// commits checks each committed bundle and its receipt, and returns the records.
func (c *checker) commits(h bundle.Handle, p *bolt.Bucket, trust *bundle.Trust) map[project.Hash]*commitRecord {
	commits := map[project.Hash]*commitRecord{}
	err := p.Bucket(bucketCommit).ForEach(func(k, _ []byte) error {
		address := project.Hash(k)
		rec, err := getCommit(p, address)
		if err != nil {
			c.problem("commit", err)
			return nil
		}
		commits[address] = rec
		c.Bundles++
		c.problem(fmt.Sprintf("bundle %.12s", address), c.bundle(h, p, trust, address, rec))
		return c.ctx.Err()
	})
	c.problem("commits", err)
	return commits
}

func (c *checker) bundle(h bundle.Handle, p *bolt.Bucket, trust *bundle.Trust, address project.Hash, rec *commitRecord) error {
	f, err := c.server.objects.open(address)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	v, err := bundle.Verify(f, info.Size(), trust)
	if err != nil {
		return err
	}
	if v.Address != address || v.Size != rec.Size || v.Author.ID != rec.Author || v.Route.Seq != rec.Seq || v.Route.Kind != rec.Kind {
		return fmt.Errorf("the record contradicts the bundle")
	}
	receipt, err := wire.ParseReceipt(rec.Receipt)
	if err != nil {
		return err
	}
	leaf, err := receipt.Verify(c.server.LogKey(), h, rec.Author, address)
	if err != nil {
		return err
	}
	stored, err := ownLog(p, rec.Author).Leaf(receipt.Index)
	if err != nil {
		return err
	}
	if string(stored) != string(receipt.Leaf) || leaf.Seq != rec.Seq {
		return fmt.Errorf("the log has another leaf than the receipt")
	}
	for _, who := range append([]project.ReaderID{rec.Author}, v.Route.To...) {
		if size, ok := getGrant(p, who, address); !ok || size != rec.Size {
			return fmt.Errorf("somebody it is for may not fetch it")
		}
	}
	return nil
}

// logs checks every author's log and the project's against the commits.
func (c *checker) logs(h bundle.Handle, p *bolt.Bucket, commits map[project.Hash]*commitRecord) {
	var inOwn int64
	err := p.Bucket(bucketOwn).ForEachBucket(func(author []byte) error {
		n, err := c.ownLog(p, project.ReaderID(author), commits)
		inOwn += n
		c.problem("author's log", err)
		return nil
	})
	c.problem("authors' logs", err)
	all := logIn(p.Bucket(bucketLog))
	head, err := all.Verify(c.ctx)
	c.problem("project's log", err)
	c.Leaves += inOwn + head.Size
	if head.Size != inOwn || inOwn != int64(len(commits)) {
		c.problem("logs", fmt.Errorf("%d commits, %d leaves in authors' logs, %d in the project's", len(commits), inOwn, head.Size))
	}
	for i := range head.Size {
		c.problem("project's log", c.projectLeaf(p, all, i))
	}
}

func (c *checker) ownLog(p *bolt.Bucket, author project.ReaderID, commits map[project.Hash]*commitRecord) (int64, error) {
	log := ownLog(p, author)
	head, err := log.Verify(c.ctx)
	if err != nil {
		return head.Size, err
	}
	var last project.Hash
	for i := range head.Size {
		b, err := log.Leaf(i)
		if err != nil {
			return head.Size, err
		}
		var leaf wire.Leaf
		if err := wire.Unmarshal(b, &leaf); err != nil {
			return head.Size, err
		}
		rec := commits[leaf.Bundle]
		if rec == nil || rec.Author != author || leaf.Seq != uint64(i+1) {
			return head.Size, fmt.Errorf("leaf %d does not belong to a commit of this author", i)
		}
		last = leaf.Bundle
	}
	if seq, address := getLast(p, author); seq != uint64(head.Size) || address != last {
		return head.Size, fmt.Errorf("the author's last commit is not the log's last leaf")
	}
	return head.Size, nil
}

func (c *checker) projectLeaf(p *bolt.Bucket, all audit.Log, i int64) error {
	b, err := all.Leaf(i)
	if err != nil {
		return err
	}
	var leaf wire.ProjectLeaf
	if err := wire.Unmarshal(b, &leaf); err != nil {
		return err
	}
	own, err := ownLog(p, leaf.Author).Leaf(leaf.Index)
	if err != nil {
		return err
	}
	if string(own) != string(leaf.Leaf) {
		return fmt.Errorf("leaf %d differs from the author's log", i)
	}
	return nil
}

// feeds checks that feeds name commits only, with cursors without gaps.
func (c *checker) feeds(p *bolt.Bucket, commits map[project.Hash]*commitRecord) {
	err := p.Bucket(bucketFeed).ForEachBucket(func(reader []byte) error {
		next := uint64(1)
		return p.Bucket(bucketFeed).Bucket(reader).ForEach(func(k, v []byte) error {
			if number(k) != next || len(v) != 32 || commits[project.Hash(v)] == nil {
				return fmt.Errorf("entry %d is out of order or names no commit", number(k))
			}
			next++
			return nil
		})
	})
	c.problem("feed", err)
	err = p.Bucket(bucketGrant).ForEach(func(k, _ []byte) error {
		if len(k) != 26+32 || commits[project.Hash(k[26:])] == nil {
			return fmt.Errorf("a permission names no commit")
		}
		return nil
	})
	c.problem("permissions", err)
}
