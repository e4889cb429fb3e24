package bundle

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// spool keeps decrypted bytes until they are known to be whole. It is a file of mode 0600, enciphered with AES-256-CTR under a random
// key that exists in memory only: what a crash leaves behind cannot be read. It gives secrecy, not integrity; hashes give that.
type spool struct {
	file   *os.File
	block  cipher.Block
	stream cipher.Stream
	size   int64
	buf    []byte
}

// newSpool makes one in dir; "" means the system's directory for temporary files.
func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "spool-*.tmp") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("make spool: %w", pathless(err))
	}
	var key [32]byte
	rand.Read(key[:]) // never fails (crypto/rand)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("bundle: 32 bytes are an AES key: " + err.Error())
	}
	return &spool{file: f, block: block, stream: cipher.NewCTR(block, make([]byte, aes.BlockSize)), buf: make([]byte, 64<<10)}, nil
}

// Write appends p.
func (s *spool) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		n := min(len(p), len(s.buf))
		s.stream.XORKeyStream(s.buf[:n], p[:n])
		m, err := s.file.Write(s.buf[:n])
		written, s.size = written+m, s.size+int64(m)
		if err != nil {
			return written, fmt.Errorf("write spool: %w", pathless(err))
		}
		p = p[n:]
	}
	return written, nil
}

// ReadAt reads what was written. It may be called from several goroutines once writing has ended.
func (s *spool) ReadAt(p []byte, off int64) (int, error) {
	n, err := s.file.ReadAt(p, off)
	var iv [aes.BlockSize]byte
	binary.BigEndian.PutUint64(iv[8:], uint64(off/aes.BlockSize))
	stream := cipher.NewCTR(s.block, iv[:])
	var skip [aes.BlockSize]byte
	stream.XORKeyStream(skip[:off%aes.BlockSize], skip[:off%aes.BlockSize])
	stream.XORKeyStream(p[:n], p[:n])
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read spool: %w", pathless(err))
	}
	return n, err
}

// Close removes the file.
func (s *spool) Close() error {
	err := s.file.Close()
	if rm := os.Remove(s.file.Name()); err == nil {
		err = rm
	}
	if err != nil {
		return fmt.Errorf("remove spool: %w", pathless(err))
	}
	return nil
}

// pathless drops the path from an error of package os: a directory may hold a person's name.
func pathless(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}
