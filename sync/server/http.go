package server

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/sync/bundle"
	"hotlight/sync/wire"
)

// handler answers what WIRE.md lists.
func (s *Server) handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	m.HandleFunc("GET /v1/info", s.open(s.getInfo))
	m.HandleFunc("GET /v1/challenge", s.open(s.getChallenge))
	m.HandleFunc("POST /v1/session", s.open(s.postSession))
	m.HandleFunc("POST /v1/roster", s.known(s.postRoster))
	m.HandleFunc("HEAD /v1/blob/{address}", s.known(s.headBlob))
	m.HandleFunc("PATCH /v1/blob/{address}", s.known(s.patchBlob))
	m.HandleFunc("GET /v1/blob/{address}", s.known(s.getBlob))
	m.HandleFunc("POST /v1/commit", s.known(s.postCommit))
	m.HandleFunc("GET /v1/feed", s.known(s.getFeed))
	m.HandleFunc("GET /v1/log/{which}", s.known(s.getLog))
	m.HandleFunc("POST /v1/operator/{what}", s.operator)
	m.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { wire.WriteProblem(w, wire.NotFound()) })
	return m
}

// slowest is the rate below which a transfer is given up.
const slowest = 16 << 10 // bytes a second

// deadline gives the request time for n bytes each way.
func deadline(w http.ResponseWriter, n int64, extra time.Duration) {
	at := time.Now().Add(30*time.Second + extra + time.Duration(n/slowest)*time.Second)
	c := http.NewResponseController(w)
	c.SetReadDeadline(at)
	c.SetWriteDeadline(at)
}

// open serves anybody, limited by address.
func (s *Server) open(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		deadline(w, 0, 0)
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		err := s.limits.take("address " + host)
		if err == nil {
			err = f(w, r)
		}
		s.answer(w, err)
	}
}

// known serves members, limited by person.
func (s *Server) known(f func(http.ResponseWriter, *http.Request, *caller) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		deadline(w, 0, 0)
		c, err := s.authenticate(r)
		if err == nil {
			err = s.limits.take(string(c.project.handle) + string(c.member.ID))
		}
		if err == nil {
			err = f(w, r, c)
		}
		s.answer(w, err)
	}
}

func (s *Server) answer(w http.ResponseWriter, err error) {
	if err == nil {
		return
	}
	if project.KindOf(err) == project.Other {
		s.options.Log("error: " + err.Error())
	}
	wire.WriteProblem(w, err)
}

func reply(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", wire.JSONType)
	_, err := w.Write(wire.Marshal(v))
	return ignoreGone(err)
}

// ignoreGone drops the error of an answer that nobody is there to read any more.
func ignoreGone(error) error { return nil }

func (s *Server) getInfo(w http.ResponseWriter, _ *http.Request) error {
	return reply(w, wire.Info{Versions: []int{wire.Version}, Suites: []int{bundle.SuiteAge}, MaxBundle: s.options.MaxBundle, MaxChunk: wire.MaxChunk,
		Time: s.options.Now().UTC().Truncate(time.Second)})
}

func (s *Server) getChallenge(w http.ResponseWriter, _ *http.Request) error {
	return reply(w, wire.Challenge{Challenge: s.newChallenge()})
}

// readEnvelope reads a signed body.
func readEnvelope(r *http.Request) (*project.Envelope, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, wire.MaxMessage+1))
	if err != nil {
		return nil, project.Errorf(project.Offline, "the message was cut off: %w", err)
	}
	if len(b) > wire.MaxMessage {
		return nil, project.Errorf(project.Full, "the message is longer than %d bytes", wire.MaxMessage)
	}
	return project.ParseEnvelope(b)
}

func (s *Server) postSession(w http.ResponseWriter, r *http.Request) error {
	e, err := readEnvelope(r)
	if err != nil {
		return err
	}
	session, err := s.login(e)
	if err != nil {
		return err
	}
	return reply(w, session)
}

func (s *Server) postRoster(w http.ResponseWriter, r *http.Request, c *caller) error {
	if c.member.Role != project.Lead {
		return project.Errorf(project.NotPermitted, "only the lead renews the roster")
	}
	e, err := readEnvelope(r)
	if err != nil {
		return err
	}
	next, err := bundle.OpenRoster(e)
	if err != nil {
		return err
	}
	if next.Project != c.project.handle {
		return project.Errorf(project.Conflict, "this is the roster of another project")
	}
	if err := s.renew(c.project, e); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// have returns how many bytes of a bundle the server has from this caller, and whether it was committed already.
func (s *Server) have(c *caller, address project.Hash) (n int64, committed bool, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		rec, err := getCommit(projectOf(tx, c.project.handle), address)
		if rec != nil && rec.Author == c.member.ID {
			n, committed = rec.Size, true
		}
		return err
	})
	if !committed {
		n = s.uploads.size(s.uploads.path(c.project.handle, c.member.ID, address))
	}
	return n, committed, err
}

func (s *Server) headBlob(w http.ResponseWriter, r *http.Request, c *caller) error {
	address, err := addressOf(r.PathValue("address"))
	if err != nil {
		return err
	}
	n, _, err := s.have(c, address)
	if err != nil {
		return err
	}
	w.Header().Set(wire.OffsetHeader, strconv.FormatInt(n, 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) patchBlob(w http.ResponseWriter, r *http.Request, c *caller) error {
	address, err := addressOf(r.PathValue("address"))
	if err != nil {
		return err
	}
	offset, length := headerNumber(r, wire.OffsetHeader), headerNumber(r, wire.LengthHeader)
	if offset < 0 || length < 0 || r.Header.Get("Content-Type") != wire.ChunkType {
		return project.Errorf(project.Invalid, "a chunk needs %s, %s and its content type", wire.OffsetHeader, wire.LengthHeader)
	}
	deadline(w, wire.MaxChunk, 0)
	have, committed, err := s.have(c, address)
	if err != nil {
		return err
	}
	if committed || have == length { // nothing to write, and nothing wrong
		w.Header().Set(wire.OffsetHeader, strconv.FormatInt(have, 10))
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	have, err = s.uploads.append(s.uploads.path(c.project.handle, c.member.ID, address), offset, length, r.Body)
	w.Header().Set(wire.OffsetHeader, strconv.FormatInt(have, 10))
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// headerNumber returns a whole number of a header, or -1.
func headerNumber(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.Header.Get(name), 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != r.Header.Get(name) {
		return -1
	}
	return n
}

func (s *Server) getBlob(w http.ResponseWriter, r *http.Request, c *caller) error {
	address, err := addressOf(r.PathValue("address"))
	if err != nil {
		return err
	}
	var size int64
	ok := false
	err = s.db.View(func(tx *bolt.Tx) error {
		size, ok = getGrant(projectOf(tx, c.project.handle), c.member.ID, address)
		return nil
	})
	if err != nil {
		return err
	}
	if !ok {
		return wire.NotFound()
	}
	f, err := s.objects.open(address)
	if err != nil {
		return err
	}
	defer f.Close()
	deadline(w, size, 0)
	w.Header().Set("Content-Type", wire.BundleType)
	w.Header().Set("ETag", strconv.Quote(address.String()))
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

func (s *Server) postCommit(w http.ResponseWriter, r *http.Request, c *caller) error {
	var m wire.Commit
	if err := wire.Decode(r.Body, wire.MaxMessage, &m); err != nil {
		return err
	}
	deadline(w, s.options.MaxBundle/1024, 0) // hashing takes its time
	receipt, err := s.commit(c, m.Bundle)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", wire.JSONType)
	_, err = w.Write(receipt)
	return ignoreGone(err)
}

// queryNumber returns a whole number of the query; 0 if it is not given.
func queryNumber(r *http.Request, name string) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, project.Errorf(project.Invalid, "%s must be a whole number", name)
	}
	return n, nil
}

func (s *Server) getFeed(w http.ResponseWriter, r *http.Request, c *caller) error {
	after, err := queryNumber(r, "after")
	if err != nil {
		return err
	}
	wait, err := queryNumber(r, "wait")
	if err != nil {
		return err
	}
	limit := min(time.Duration(min(wait, 3600))*time.Second, wire.MaxWait)
	deadline(w, 0, limit)
	give := time.NewTimer(limit)
	defer give.Stop()
	for {
		news := s.newsOf(c.project)
		entries, err := s.feed(c, uint64(after), wire.MaxFeed)
		if err != nil || len(entries) > 0 || limit == 0 {
			if err != nil {
				return err
			}
			return reply(w, wire.Feed{Entries: entries})
		}
		select {
		case <-news: // something was committed, perhaps not for this caller; who waits does not notice
		case <-give.C:
			limit = 0
		case <-s.closing.Done():
			limit = 0
		case <-r.Context().Done():
			return nil
		}
	}
}

// feed returns what arrived for c after a cursor.
func (s *Server) feed(c *caller, after uint64, most int) ([]wire.FeedEntry, error) {
	entries := []wire.FeedEntry{}
	err := s.db.View(func(tx *bolt.Tx) error {
		p := projectOf(tx, c.project.handle)
		feed := p.Bucket(bucketFeed).Bucket([]byte(c.member.ID))
		if feed == nil {
			return nil
		}
		cur := feed.Cursor()
		for k, v := cur.Seek(key(after + 1)); k != nil && len(entries) < most; k, v = cur.Next() {
			rec, err := getCommit(p, project.Hash(v))
			if err != nil || rec == nil {
				return project.Errorf(project.Corrupt, "the feed names a bundle that is not there")
			}
			receipt, err := wire.ParseReceipt(rec.Receipt)
			if err != nil {
				return err
			}
			entries = append(entries, wire.FeedEntry{Cursor: number(k), Bundle: project.Hash(v), Size: rec.Size, Receipt: *receipt})
		}
		return nil
	})
	return entries, err
}

func (s *Server) getLog(w http.ResponseWriter, r *http.Request, c *caller) error {
	from, err := queryNumber(r, "from")
	if err != nil {
		return err
	}
	size, err := queryNumber(r, "size")
	if err != nil {
		return err
	}
	which := r.PathValue("which")
	if which != "own" && !(which == "project" && c.member.Role == project.Lead) {
		return wire.NotFound()
	}
	page := wire.LogPage{From: from, Leaves: [][]byte{}}
	err = s.db.View(func(tx *bolt.Tx) error {
		p := projectOf(tx, c.project.handle)
		log, origin := ownLog(p, c.member.ID), wire.AuthorLog(c.project.handle, c.member.ID)
		if which == "project" {
			log, origin = logIn(p.Bucket(bucketLog)), wire.ProjectLog(c.project.handle)
		}
		var err error
		if page.Checkpoint, err = s.checkpoint(log, origin, size); err != nil {
			return err
		}
		page.Leaves, err = leavesOf(log, from, size)
		return err
	})
	if err != nil {
		return err
	}
	return reply(w, page)
}

func leavesOf(log audit.Log, from, size int64) ([][]byte, error) {
	leaves := [][]byte{}
	n, err := log.Size()
	if err != nil {
		return nil, err
	}
	if size > 0 {
		n = min(n, size)
	}
	for i := from; i < n && len(leaves) < wire.MaxLeaves; i++ {
		leaf, err := log.Leaf(i)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, leaf)
	}
	return leaves, nil
}
