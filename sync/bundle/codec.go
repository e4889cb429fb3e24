package bundle

import (
	"bytes"
	"crypto/sha256"
	"io"
	"runtime"
	"sync"

	"github.com/klauspost/compress/zstd"

	"hotlight/project"
)

// encoder is shared: EncodeAll may be called from several goroutines.
var encoder = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(maxWindow/2), zstd.WithEncoderCRC(false))
	if err != nil {
		panic("bundle: the encoder's options are constant and valid: " + err.Error())
	}
	return e
})

// compress returns how an object lies in the payload: compressed where that is shorter.
func compress(data []byte) (codec string, stored []byte) {
	if len(data) == 0 {
		return CodecNone, data
	}
	out := encoder().EncodeAll(data, make([]byte, 0, len(data)/4+64))
	if len(out) >= len(data) {
		return CodecNone, data
	}
	return CodecZstd, out
}

// packed is an object ready for the payload.
type packed struct {
	entry  Entry
	stored []byte
}

// pack hashes and compresses objects on all cores, keeping their order and dropping repeats.
func pack(objects []Object) []packed {
	all := make([]packed, len(objects))
	work := make(chan int)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(objects)) {
		wait.Go(func() {
			for i := range work {
				o := objects[i]
				codec, stored := compress(o.Data)
				all[i] = packed{Entry{o.Kind, o.Media, project.HashOf(o.Data), int64(len(o.Data)), codec, int64(len(stored))}, stored}
			}
		})
	}
	for i := range objects {
		work <- i
	}
	close(work)
	wait.Wait()
	seen := map[project.Hash]bool{}
	kept := all[:0]
	for _, p := range all {
		if !seen[p.entry.SHA256] {
			seen[p.entry.SHA256] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// unpacker turns stored bytes into content, with one decoder for all objects of a bundle.
type unpacker struct{ zstd *zstd.Decoder }

func (u *unpacker) close() {
	if u.zstd != nil {
		u.zstd.Close()
	}
}

// open returns the content of e from its stored bytes. It yields at most one byte more than declared, so the caller sees an excess.
func (u *unpacker) open(e Entry, stored io.Reader) (io.Reader, error) {
	if e.Codec == CodecNone {
		return stored, nil
	}
	if u.zstd == nil {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, project.Errorf(project.Other, "start decompression: %w", err)
		}
		u.zstd = d
	}
	if err := u.zstd.Reset(stored); err != nil {
		return nil, project.Errorf(project.Corrupt, "an object cannot be decompressed")
	}
	return io.LimitReader(u.zstd, e.Size+1), nil
}

// check reads the whole object and compares it with its declared size and hash, keeping nothing.
func (u *unpacker) check(e Entry, stored io.Reader) error {
	return u.copy(io.Discard, e, stored)
}

// read returns the object's content, checked.
func (u *unpacker) read(e Entry, stored io.Reader) ([]byte, error) {
	buf := bytes.NewBuffer(make([]byte, 0, e.Size+bytes.MinRead))
	if err := u.copy(buf, e, stored); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (u *unpacker) copy(w io.Writer, e Entry, stored io.Reader) error {
	content, err := u.open(e, stored)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), content)
	if err != nil {
		return project.Errorf(project.Corrupt, "an object cannot be decompressed")
	}
	if n != e.Size || project.Hash(sum.Sum(nil)) != e.SHA256 {
		return project.Errorf(project.Corrupt, "an object does not match its declared size and digest")
	}
	return nil
}
