package server

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// Options of a server. The zero value is a good one.
type Options struct {
	Log        func(line string) // one line each, without identifiers of people; nil = silent
	MaxBundle  int64             // bytes of one bundle; 0 = 2 GiB
	PerSecond  float64           // requests of one person a second; 0 = 100, negative = no limit
	Now        func() time.Time  // nil = time.Now
	LockWithin time.Duration     // how long Open waits for another process to release the directory; 0 = 1 s
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = func(string) {}
	}
	if o.MaxBundle == 0 {
		o.MaxBundle = 2 << 30
	}
	if o.PerSecond == 0 {
		o.PerSecond = 100
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LockWithin == 0 {
		o.LockWithin = time.Second
	}
	return o
}

// Server is an open data directory. Its methods may be called from several goroutines.
type Server struct {
	dir     string
	options Options
	keys    *serverKeys
	db      *bolt.DB
	objects objects
	uploads uploads
	limits  *limiter

	mu       sync.RWMutex
	projects map[bundle.Handle]*state

	serving sync.Mutex // guards http
	http    []*http.Server
	closing context.Context
	close   context.CancelFunc
}

// Open opens the data directory dir, or makes it: keys, index, folders. A directory that another process holds is Busy.
func Open(dir string, o Options) (*Server, error) {
	o = o.withDefaults()
	for _, d := range []string{dir, filepath.Join(dir, objectDir), filepath.Join(dir, uploadDir)} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("make data directory: %w", err)
		}
	}
	db, err := openIndex(dir, o.LockWithin)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, options: o, db: db, objects: objects{filepath.Join(dir, objectDir)}, projects: map[bundle.Handle]*state{}}
	s.uploads = uploads{root: filepath.Join(dir, uploadDir), max: o.MaxBundle}
	s.limits = newLimiter(o.PerSecond, o.Now)
	s.closing, s.close = context.WithCancel(context.Background())
	if s.keys, err = openKeys(dir, o.Now()); err == nil {
		err = s.loadProjects()
	}
	if err == nil {
		err = s.uploads.sweep(o.Now())
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// TLSPin is the SHA-256 of the certificate's SubjectPublicKeyInfo: what project.Server.TLSPin must be.
func (s *Server) TLSPin() project.Hash { return s.keys.pin }

// LogKey is the public key of the logs: what project.Server.LogKey must be.
func (s *Server) LogKey() ed25519.PublicKey { return s.keys.log.Public().(ed25519.PublicKey) }

// Serve answers on l, with TLS 1.3, until Close; it then returns nil. It closes l.
func (s *Server) Serve(l net.Listener) error {
	h := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		TLSConfig:   &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{s.keys.tls}},
		BaseContext: func(net.Listener) context.Context { return s.closing },
		ErrorLog:    quietLog(),
		Protocols:   new(http.Protocols),
	}
	h.Protocols.SetHTTP1(true) // HTTP/2 gives a few long requests nothing and has more to attack
	s.serving.Lock()
	if s.closing.Err() != nil {
		s.serving.Unlock()
		l.Close()
		return nil
	}
	s.http = append(s.http, h)
	s.serving.Unlock()
	if err := s.announce(l.Addr()); err != nil {
		l.Close()
		return err
	}
	s.options.Log("serving")
	if err := h.ServeTLS(limitConnections(l, maxConnections), "", ""); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// Close ends serving: requests that are being answered get ten seconds, waiting ones are released at once. Then it releases the directory.
func (s *Server) Close() error {
	s.close()
	s.serving.Lock()
	defer s.serving.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var errs []error
	for _, h := range s.http {
		if err := h.Shutdown(ctx); err != nil {
			errs = append(errs, err, h.Close())
		}
	}
	if len(s.http) > 0 {
		s.withdraw()
	}
	s.http = nil
	return errors.Join(append(errs, s.db.Close())...)
}
